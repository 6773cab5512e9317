/** How a mask is shown to be judged. */
export const DISPLAYS = ["fill", "outline", "cutout", "side"] as const;
export type Display = (typeof DISPLAYS)[number];

export const DISPLAY_NAMES: Record<Display, string> = {
  fill: "Fill",
  outline: "Outline",
  cutout: "Cut out",
  side: "Side by side",
};

export const nextDisplay = (display: Display): Display =>
  DISPLAYS[(DISPLAYS.indexOf(display) + 1) % DISPLAYS.length] ?? "fill";
