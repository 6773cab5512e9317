import type { Editor } from "../../../editor/Editor";
import type { Vector } from "../../../geometry/vector";
import type { ReviewCommand } from "../frame/commands";

/** CSS pixels that an arrow key goes, and with Shift. */
const STEP = 10;
const LEAP = 60;

const ARROWS: Record<string, Vector> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The keys that bring a pin to its place. */
export function placingCommands(editor: Editor, onPlace: (at: Vector) => void): ReviewCommand[] {
  const go = (key: string) => {
    const by = key.startsWith("Shift+") ? LEAP : STEP;
    const { x, y } = ARROWS[key.replace("Shift+", "")] ?? { x: 0, y: 0 };
    editor.moveCrosshair({ x: x * by, y: y * by });
  };
  const place = () => {
    if (!editor.getSnapshot().crosshair) editor.moveCrosshair({ x: 0, y: 0 });
    const { crosshair } = editor.getSnapshot();
    if (crosshair) onPlace(crosshair);
  };
  const arrows = Object.keys(ARROWS);
  return [
    {
      id: "review.placeMove",
      group: "Missing object",
      label: "Move the pin",
      keys: [...arrows, ...arrows.map((arrow) => `Shift+${arrow}`)],
      run: go,
    },
    { id: "review.place", group: "Missing object", label: "Pin it here", keys: ["Enter"], run: place },
  ];
}
