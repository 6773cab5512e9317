import type { Editor } from "../../../editor/Editor";
import type { Vector } from "../../../geometry/vector";
import type { ReviewCommand } from "../frame/commands";
import { group, historyCommand, reasonCommands, steps, verdictCommands } from "../one/commands";
import type { Sitting } from "../one/Sitting";
import type { Desk } from "../one/useDesk";
import { placingCommands } from "./placing";
import type { Trail } from "./useTrail";

interface Parts {
  readonly sitting: Sitting;
  readonly desk: Desk;
  readonly editor: Editor;
  readonly trail: Trail;
  readonly reasons: readonly string[];
  /** Defined if nothing but the image itself waits. */
  readonly acceptImage: (() => void) | undefined;
  readonly onPlace: (at: Vector) => void;
  readonly onCancel: () => void;
}

/** What can be done with an image. While a reason or a place is asked for, nothing else is decided. */
export function wholeCommands(parts: Parts): ReviewCommand[] {
  const { desk, editor, onPlace, onCancel } = parts;
  const cancel = group("Verdicts", [["cancel", "Escape", "Cancel", onCancel]]);
  if (desk.open === "reasons") return [...reasonCommands(parts), ...cancel];
  if (desk.open === "missing")
    return [...placingCommands(editor, onPlace), ...viewCommands(parts), ...cancel];
  return [
    ...judging(parts),
    ...imageCommands(parts.trail),
    ...viewCommands(parts),
    ...historyCommand(desk),
    ...cancel,
  ];
}

function judging({ sitting, desk, acceptImage }: Parts): ReviewCommand[] {
  const rest = group("Verdicts", [
    ["acceptRest", "Shift+A", "Accept all that is left on this image", sitting.acceptRest],
    ["missing", "M", "Point at an object that is missing", () => desk.setOpen("missing")],
  ]);
  const verdicts = verdictCommands({ sitting, desk });
  const image = acceptImage
    ? group("Verdicts", [["acceptImage", "A", "Accept the image as is", acceptImage]])
    : [];
  // One key accepts what waits, whichever it is.
  const others = acceptImage ? verdicts.filter(({ id }) => id !== "review.accept") : verdicts;
  return [...image, ...others, ...rest, ...steps(sitting.next, sitting.back)];
}

/** From image to image, by the editor's keys. */
export const imageCommands = ({ next, back }: Trail): ReviewCommand[] =>
  group("Images", [
    ["nextImage", "F", "The next image", next],
    ["previousImage", "D", "The image before", () => back?.()],
  ]);

const viewCommands = ({ desk: { display, setDisplay }, editor }: Parts): ReviewCommand[] =>
  group("View", [
    ["display", "O", "Fill or outline", () => setDisplay(display === "outline" ? "fill" : "outline")],
    ["fit", "0", "Fit the image", editor.fit],
    ["zoomIn", "+ =", "Zoom in", () => editor.zoomCentred(1.25)],
    ["zoomOut", "-", "Zoom out", () => editor.zoomCentred(0.8)],
  ]);
