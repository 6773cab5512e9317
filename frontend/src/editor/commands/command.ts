import { theOnly } from "../../model/lookup";
import type { Editor } from "../Editor";
import type { Snapshot } from "../snapshot";

export type Icon =
  | "pointer"
  | "sparkles"
  | "undo"
  | "redo"
  | "fit"
  | "zoomIn"
  | "zoomOut"
  | "previous"
  | "next"
  | "submit"
  | "help"
  | "hide"
  | "trash"
  | "check"
  | "close"
  | "target"
  | "brush"
  | "eraser"
  | "box"
  | "polygon"
  | "boxToMask"
  | "merge"
  | "subtract"
  | "split"
  | "fillHoles"
  | "keepLargest"
  | "removeSpecks"
  | "tidy"
  | "lock"
  | "tip"
  | "tag"
  | "attributes"
  | "intersect"
  | "copy"
  | "paste"
  | "toFront"
  | "toBack"
  | "forward"
  | "backward"
  | "solo"
  | "move"
  | "grow"
  | "shrink"
  | "smooth"
  | "larger"
  | "proposals"
  | "finer"
  | "coarser"
  | "smaller"
  | "search"
  | "actualSize"
  | "look"
  | "outlines"
  | "guidelines"
  | "copyPrevious"
  | "skip"
  | "history"
  | "place"
  | "comment";

/** What opens beside or over the image. */
export type Panel = "classes" | "look" | "guidelines" | "skip" | "history";

/** What the page around the editor can do; undefined where it cannot just now. */
export interface Surroundings {
  readonly previousImage: (() => void) | undefined;
  readonly nextImage: (() => void) | undefined;
  readonly submit: (() => void) | undefined;
  /** Takes the latest submission back, for as long as that is offered; left out where nothing is submitted. */
  readonly takeBack?: (() => void) | undefined;
  readonly showKeys: () => void;
  readonly show: (panel: Panel) => void;
  /** Closes the panel beside the image; left out where none is open. */
  readonly closePanel?: (() => void) | undefined;
  /** Takes over what is labeled on the image before this one. */
  readonly copyPrevious: (() => void) | undefined;
  readonly canSkip: boolean;
  /** Leads to the next thing that a reviewer sent back, or to the one before; left out where nothing was. */
  readonly returned?: ((by: 1 | -1) => void) | undefined;
  /** Resolves the pin of a missing object, where one was drawn there. */
  readonly resolvePin?: (() => void) | undefined;
  /** Answers the rejection that is looked at: what was rejected is right. */
  readonly dispute?: (() => void) | undefined;
  /** Brings the focus to what is said of the selected object. */
  readonly showAttributes: () => void;
}

export interface CommandContext {
  readonly editor: Editor;
  readonly page: Surroundings;
}

/** One thing people can do. Toolbar, key handler and key sheet all read this table. */
export interface Command {
  readonly id: string;
  readonly group: "Tools" | "Under way" | "Objects" | "Shapes" | "View" | "Image";
  readonly label: (context: CommandContext) => string;
  /** As `keyOf` names them; the first one is shown. */
  readonly keys: readonly string[];
  readonly icon: Icon;
  /** Only while the canvas has the focus: elsewhere the key belongs to the browser. */
  readonly onCanvas?: boolean;
  /** Not again while its key is held: by then it may be about something else, as the next image. */
  readonly once?: boolean;
  readonly enabled: (context: CommandContext) => boolean;
  /** `key` is the one that was pressed, for commands that several keys run in several ways. */
  readonly run: (context: CommandContext, key?: string) => void;
}

export const always = () => true;
export const named = (label: string) => () => label;
export const shown = ({ editor }: CommandContext): Snapshot => editor.getSnapshot();
export const labels = (context: CommandContext): boolean => !shown(context).readOnly;
export const selected = (context: CommandContext): readonly string[] => shown(context).selected;
export const theOnlySelected = (context: CommandContext) => theOnly(context.editor.image, selected(context));
export const hasSelected = (context: CommandContext): boolean => selected(context).length > 0;
