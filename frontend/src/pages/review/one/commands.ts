import type { Editor } from "../../../editor/Editor";
import type { ReviewCommand } from "../frame/commands";
import { nextDisplay } from "../stage/display";
import type { Sitting } from "./Sitting";
import type { Desk } from "./useDesk";

interface Parts {
  readonly sitting: Sitting;
  readonly desk: Desk;
  readonly editor: Editor;
  readonly reasons: readonly string[];
  /** It was sent back and has come again. */
  readonly returned: boolean;
}

type Row = readonly [id: string, keys: string, label: string, run: () => void];

export const group = (name: string, rows: readonly Row[]): ReviewCommand[] =>
  rows.map(([id, keys, label, run]) => ({
    id: `review.${id}`,
    group: name,
    label,
    keys: keys.split(" "),
    run,
  }));

/** What can be done with one mask. While a reason is asked for, the digits are reasons and nothing else is decided. */
export function oneCommands(parts: Parts): ReviewCommand[] {
  const { desk, editor, sitting } = parts;
  const cancel = group("Verdicts", [["cancel", "Escape", "Cancel", () => desk.setOpen(null)]]);
  return desk.open === "reasons"
    ? [...reasonCommands(parts), ...cancel]
    : [
        ...verdictCommands(parts),
        ...steps(sitting.next, sitting.back),
        ...viewCommands({ ...desk, editor }),
        ...compareCommands(parts.returned, desk),
        ...historyCommand(desk),
        ...cancel,
      ];
}

export function reject({ sitting, desk }: Pick<Parts, "sitting" | "desk">, reason: string): void {
  // Should the verdict be taken back, nothing is open.
  desk.setOpen(null);
  sitting.judge({ verdict: "rejected", reason, comment: desk.comment });
}

export const reasonCommands = ({
  reasons,
  sitting,
  desk,
}: Pick<Parts, "reasons" | "sitting" | "desk">): ReviewCommand[] =>
  reasons.map((reason, i) => ({
    id: `review.reason${i + 1}`,
    group: "Reasons",
    label: reason,
    keys: [String(i + 1)],
    run: () => reject({ sitting, desk }, reason),
  }));

export const verdictCommands = ({ sitting, desk }: Pick<Parts, "sitting" | "desk">): ReviewCommand[] =>
  group("Verdicts", [
    ["accept", "A", "Accept", () => sitting.judge({ verdict: "accepted", comment: desk.comment })],
    ["reject", "X", "Reject, for a reason", () => desk.setOpen("reasons")],
    ["fix", "E", "Fix it here, then accept", () => desk.setOpen("fix")],
    ["comment", "C", "Comment on it, where the pointer is", () => desk.setOpen("comment")],
    ["undo", "Z Ctrl+Z", "Take the last verdict back", sitting.undo],
  ]);

/** On to the next one, and back. */
export const steps = (next: () => void, back: () => void): ReviewCommand[] =>
  group("Verdicts", [
    ["next", "J", "Next, without a verdict", next],
    ["back", "K", "Back", back],
  ]);

interface Viewed extends Pick<Desk, "display" | "setDisplay"> {
  readonly editor: Editor;
}

export const viewCommands = ({ display, setDisplay, editor }: Viewed): ReviewCommand[] =>
  group("View", [
    ["display", "O", "Fill, outline, cut out, side by side", () => setDisplay(nextDisplay(display))],
    ["fit", "0", "Fit the mask", editor.fit],
    ["zoomIn", "+ =", "Zoom in", () => editor.zoomCentred(1.25)],
    ["zoomOut", "-", "Zoom out", () => editor.zoomCentred(0.8)],
  ]);

export const compareCommands = (
  returned: boolean,
  { comparing, setComparing }: Pick<Desk, "comparing" | "setComparing">,
): ReviewCommand[] =>
  group("View", [
    ["compare", "B", "What was sent back beside what came again", () => setComparing(!comparing)],
  ]).map((command) => ({ ...command, enabled: returned }));

export const historyCommand = ({ setOpen }: Pick<Desk, "setOpen">): ReviewCommand[] =>
  group("View", [["history", "Shift+T", "What happened to it", () => setOpen("history")]]);
