import type { Box } from "../geometry/box";
import type { Size, Vector } from "../geometry/vector";
import type { Viewport } from "../geometry/viewport";
import type { Annotation, LabelClass } from "../model/annotation";
import type { Versions } from "../model/compare";
import type { Conversion } from "../model/conversion";
import { type History, startHistory } from "../model/history";
import type { LabeledImage } from "../model/labeledImage";
import type { Proposals } from "../model/proposal";
import { NO_RULES, type Rules } from "../model/rules";
import type { ToolName } from "../tools/tool";
import { classToBeginWith, type Hand, toolToBeginWith } from "./hand";
import { NOTHING_PERSONAL, type Personal } from "./personal";
import { idleTools, type ToolStates } from "./toolbox";

/** Everything that the editor shows, as one value that is replaced and never changed. */
export interface Snapshot extends ToolStates, Personal {
  readonly history: History;
  /** In the order in which they were selected. */
  readonly selected: readonly string[];
  /** The ids that a tool has just made. Identical to `selected` until the selection changes. */
  readonly made: readonly string[] | null;
  /** The object whose required attributes are asked for. */
  readonly asking: string | null;
  readonly hidden: ReadonlySet<string>;
  /** Neither picked nor changed until they are unlocked again. */
  readonly locked: ReadonlySet<string>;
  readonly screen: Size;
  readonly viewport: Viewport;
  /** Nobody has zoomed or moved the image, so it goes on to fit when the window changes. */
  readonly fitted: boolean;
  /** The object to fit, with some of its surroundings; null fits the whole image. */
  readonly about: string | null;
  readonly tool: ToolName;
  readonly classes: readonly LabelClass[];
  readonly classId: string | null;
  readonly rules: Rules;
  readonly converting: Conversion | null;
  readonly pointer: Vector | null;
  /** Where arrow keys have brought the pointer, in image pixels; null while a mouse moves it. */
  readonly crosshair: Vector | null;
  /** A place that something beside the image speaks of. */
  readonly lit: Box | null;
  /** An earlier version of an object, shown over the present one. */
  readonly past: Annotation | null;
  /** A sentence about what was just tried; goes with the next thing done. */
  readonly notice: string | null;
  readonly ready: boolean;
  readonly readOnly: boolean;
  /** Objects that somebody else changed as well, until it is chosen what stays. */
  readonly conflicts: readonly Versions[];
  /** Null where nobody offers them, as in reviewing. */
  readonly proposals: Proposals | null;
  /** How the model last answered. */
  readonly lastPredict: { readonly model: string; readonly milliseconds: number } | null;
}

export interface Opened {
  readonly image: LabeledImage;
  readonly classes: readonly LabelClass[];
  readonly readOnly: boolean;
  readonly ready: boolean;
  readonly about?: string;
  /** Where none are given, everything may be labeled. */
  readonly rules?: Rules;
  readonly hand?: Hand | undefined;
  readonly personal?: Personal;
}

export const firstSnapshot = ({
  image,
  classes,
  readOnly,
  ready,
  about,
  rules = NO_RULES,
  hand,
  personal = NOTHING_PERSONAL,
}: Opened): Snapshot => ({
  ...idleTools,
  ...personal,
  ...hand,
  history: startHistory(image),
  selected: [],
  made: null,
  asking: null,
  hidden: new Set(),
  locked: new Set(),
  screen: { width: 0, height: 0 },
  viewport: { scale: 1, x: 0, y: 0 },
  fitted: true,
  about: about ?? null,
  tool: toolToBeginWith({ hand, rules, readOnly }),
  classes,
  classId: classToBeginWith({ hand, classes }),
  rules,
  converting: null,
  pointer: null,
  crosshair: null,
  lit: null,
  past: null,
  notice: null,
  ready,
  readOnly,
  conflicts: [],
  proposals: null,
  lastPredict: null,
});
