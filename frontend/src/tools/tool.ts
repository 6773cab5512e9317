import type { Corners } from "../geometry/box";
import type { Vector } from "../geometry/vector";
import type { Change } from "../model/actions/changeAnnotations";
import type { Annotation, Person } from "../model/annotation";
import type { LabeledImage } from "../model/labeledImage";
import type { Prediction, Prompt } from "../model/prediction";
import type { ProposalFilter, Proposals } from "../model/proposal";

export type ToolName =
  | "select"
  | "segment"
  | "brush"
  | "eraser"
  | "box"
  | "polygon"
  | "tag"
  | "proposals"
  | "comment";

/** Where the pointer is, in image pixels and in CSS pixels of the canvas. */
export interface Pointer {
  readonly at: Vector;
  readonly screen: Vector;
}

export type ToolEvent =
  | { readonly type: "down"; readonly pointer: Pointer; readonly removes: boolean; readonly shift: boolean }
  | { readonly type: "move"; readonly pointer: Pointer }
  | { readonly type: "up"; readonly pointer: Pointer }
  | { readonly type: "leave" }
  | { readonly type: "next" | "previous" | "commit" | "cancel" | "back" }
  | { readonly type: "larger" | "smaller" | "otherTip" }
  | { readonly type: "deletePoint" }
  /** Which proposals are shown. */
  | { readonly type: "filter"; readonly filter: Partial<ProposalFilter> }
  /** Make a mask of an annotation that is a box. */
  | { readonly type: "fromBox"; readonly id: string }
  | { readonly type: "choose"; readonly rank: number }
  | { readonly type: "predicted"; readonly request: number; readonly prediction: Prediction }
  /** The part of the image that was to be looked at is not prepared yet. */
  | { readonly type: "notReady"; readonly request: number }
  | { readonly type: "failed"; readonly request: number; readonly reason: string };

/** What a tool may know of the world around it. */
export interface ToolContext {
  readonly image: LabeledImage;
  readonly hidden: ReadonlySet<string>;
  readonly locked: ReadonlySet<string>;
  readonly readOnly: boolean;
  readonly selected: readonly string[];
  /** Whether what is selected is what a tool has just made, and nobody picked it. */
  readonly isMade: boolean;
  readonly classId: string | null;
  readonly proposals: Proposals | null;
  readonly me: Person;
  /** CSS pixels an image pixel. */
  readonly scale: number;
  /** The part of the image that is seen, where a crop of it would tell the model more than the whole image. */
  readonly closeUp: Corners | null;
  /** Whether prompts can be answered: the image has its embedding. */
  readonly ready: boolean;
  /** Masks of the model lose their specks and pinholes when they are kept. */
  readonly tidiesMasks: boolean;
  readonly newId: () => string;
}

export type Effect =
  /** `after` so many milliseconds, if the answer is still wanted then. */
  | {
      readonly type: "predict";
      readonly request: number;
      readonly prompt: Prompt;
      readonly after?: number;
    }
  | { readonly type: "add"; readonly annotation: Annotation }
  /** Proposals that became annotations by one gesture. */
  | { readonly type: "accept"; readonly annotations: readonly Annotation[] }
  /** One gesture on annotations that are there; undo calls it by `deed` and their name: "brush stroke on". */
  | { readonly type: "change"; readonly deed: string; readonly changes: ReadonlyMap<string, Change> }
  | { readonly type: "delete"; readonly deed: string; readonly ids: readonly string[] }
  | { readonly type: "select"; readonly ids: readonly string[] }
  /** Selects what was just made, and asks for what its class requires of it. */
  | { readonly type: "made"; readonly ids: readonly string[] }
  /** Asks for what the class of an object requires of it. */
  | { readonly type: "ask"; readonly id: string }
  | { readonly type: "say"; readonly sentence: string };

export interface Stepped<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const say = (sentence: string) => ({ type: "say", sentence }) as const;

export const stay = <State>(state: State, ...effects: Effect[]): Stepped<State> => ({ state, effects });
