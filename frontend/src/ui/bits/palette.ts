/** Okabe and Ito's colours plus Paul Tol's where those run out: told apart with every common colour blindness. */
export const CLASS_COLOURS = [
  "#56b4e9",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#f0e442",
  "#0072b2",
  "#d55e00",
  "#aa4499",
  "#44aa99",
  "#ddcc77",
  "#882255",
  "#999933",
] as const;

/** The first colour that is not taken yet, else the one after the last. */
export function nextColour(taken: readonly string[]): string {
  const free = CLASS_COLOURS.find((colour) => !taken.includes(colour));
  return free ?? CLASS_COLOURS[taken.length % CLASS_COLOURS.length] ?? CLASS_COLOURS[0];
}
