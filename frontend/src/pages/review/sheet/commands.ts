import type { ReviewItem } from "../../../server/types";
import type { ReviewCommand } from "../frame/commands";
import type { Sheets } from "./Sheets";
import { type Direction, pointedAt, type Sheet } from "./sheet";

const ARROWS: readonly [string, Direction][] = [
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
  ["Home", "first"],
  ["End", "last"],
];
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

export interface SheetActions {
  readonly sheets: Sheets;
  readonly sheet: Sheet | null;
  readonly columns: number;
  readonly reasons: readonly string[];
  /** What `X` says, unless another reason is chosen. */
  readonly usualReason: string;
  readonly asking: { readonly on: boolean; readonly toggle: () => void; readonly off: () => void };
  readonly zoom: { readonly on: boolean; readonly toggle: () => void; readonly off: () => void };
  readonly fix: (item: ReviewItem) => void;
  readonly toggleFill: () => void;
  readonly toggleOneClass: () => void;
  readonly resize: (by: 1 | -1) => void;
}

/** Marks by the usual reason and asks for another; once more lets it stand, and then takes it away. */
export function pressX({ sheets, sheet, usualReason, asking }: SheetActions): void {
  const item = sheet && pointedAt(sheet);
  if (!item) return;
  const isMarked = sheet.marks.has(item.id);
  if (!isMarked) sheets.mark(usualReason);
  else if (!asking.on) sheets.unmark();
  if (!isMarked || asking.on) asking.toggle();
}

/** What a sheet can do by keys. */
export function sheetCommands(actions: SheetActions): ReviewCommand[] {
  const { sheets, sheet, columns, reasons, asking, zoom } = actions;
  const item = sheet ? pointedAt(sheet) : undefined;
  const of =
    (group: string) => (id: string, keys: readonly string[], label: string, run: ReviewCommand["run"]) => ({
      id: `review.sheet.${id}`,
      group,
      keys,
      label,
      enabled: sheet !== null,
      run,
    });
  const [verdict, view] = [of("Verdicts"), of("View")];
  const go = (key: string) => {
    asking.off();
    sheets.move(ARROWS.find(([arrow]) => arrow === key)?.[1] ?? "right", columns);
  };
  const say = (key: string) => {
    const reason = reasons[Number(key) - 1];
    if (reason) sheets.mark(reason);
    asking.off();
  };
  const accept = () => {
    asking.off();
    zoom.off();
    sheets.accept();
  };
  return [
    view(
      "move",
      ARROWS.map(([key]) => key),
      "Point at another mask",
      go,
    ),
    verdict("bad", ["X"], "Bad, for the reason used last; again: good after all", () => pressX(actions)),
    verdict("reason", DIGITS, "Bad, for this reason", say),
    verdict("accept", ["A"], "Reject what is bad, accept the rest", accept),
    { ...verdict("undo", ["Z"], "Take the last sheet back", () => void sheets.undo()), enabled: true },
    verdict("fix", ["E"], "Fix in the editor", () => item && actions.fix(item)),
    view("zoom", ["Space"], "Enlarge", zoom.toggle),
    view("outline", ["O"], "Only the outline, or the fill too", actions.toggleFill),
    { ...view("class", ["G"], "One class a sheet", actions.toggleOneClass), enabled: true },
    view("more", ["-"], "More and smaller", () => actions.resize(-1)),
    view("fewer", ["+", "="], "Fewer and larger", () => actions.resize(1)),
    view("cancel", ["Escape"], "Close", () => (asking.on ? asking.off() : zoom.off())),
  ];
}
