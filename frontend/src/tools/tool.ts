import type { Corners } from "../geometry/box";
import type { Vector } from "../geometry/vector";
import type { Annotation, Person, PromptPoint } from "../model/annotation";
import type { LabeledImage } from "../model/labeledImage";
import type { Candidate, Prediction, Prompt } from "../model/prediction";

export type ToolName = "select" | "segment";

/** Where the pointer is, in image pixels and in CSS pixels of the canvas. */
export interface Pointer {
  readonly at: Vector;
  readonly screen: Vector;
}

export type ToolEvent =
  | { readonly type: "down"; readonly pointer: Pointer; readonly removes: boolean }
  | { readonly type: "move"; readonly pointer: Pointer }
  | { readonly type: "up"; readonly pointer: Pointer }
  | { readonly type: "leave" }
  | { readonly type: "next" | "previous" | "commit" | "cancel" | "back" }
  | { readonly type: "choose"; readonly rank: number }
  | { readonly type: "predicted"; readonly request: number; readonly prediction: Prediction }
  | { readonly type: "failed"; readonly request: number; readonly reason: string };

/** What a tool may know of the world around it. */
export interface ToolContext {
  readonly image: LabeledImage;
  readonly hidden: ReadonlySet<string>;
  readonly selected: string | null;
  readonly classId: string | null;
  readonly me: Person;
  /** Whether prompts can be answered: the image has its embedding. */
  readonly ready: boolean;
  readonly newId: () => string;
}

export type Effect =
  | { readonly type: "predict"; readonly request: number; readonly prompt: Prompt }
  | { readonly type: "add"; readonly annotation: Annotation }
  | { readonly type: "select"; readonly id: string | null }
  | { readonly type: "say"; readonly sentence: string };

export interface Stepped<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const stay = <State>(state: State, ...effects: Effect[]): Stepped<State> => ({ state, effects });

/** Unfinished work as it is to be drawn; `pending` says that the model has yet to answer. */
export interface Preview {
  readonly points: readonly PromptPoint[];
  readonly box: Corners | null;
  readonly candidate: Candidate | null;
  readonly pending: boolean;
}
