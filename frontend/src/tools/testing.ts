import type { Size } from "../geometry/vector";
import type { Annotation } from "../model/annotation";
import { labeledImage } from "../model/labeledImage";
import { anna } from "../model/testing";
import type { Effect, Pointer, Stepped, ToolContext, ToolEvent } from "./tool";

/** The world of a tool under test: these annotations, nothing selected, one CSS pixel an image pixel. */
export const worldOf = (annotations: Annotation[], size: Size): ToolContext => ({
  image: labeledImage({ id: "image", ...size }, annotations),
  hidden: new Set(),
  locked: new Set(),
  readOnly: false,
  selected: [],
  isMade: false,
  classId: "sheep",
  proposals: null,
  me: anna,
  scale: 1,
  closeUp: null,
  ready: true,
  tidiesMasks: false,
  newId: () => "new",
});

const pointer = (x: number, y: number): Pointer => ({ at: { x, y }, screen: { x, y } });

export const down = (x: number, y: number, { removes = false, shift = false } = {}): ToolEvent => ({
  type: "down",
  pointer: pointer(x, y),
  removes,
  shift,
});
export const move = (x: number, y: number): ToolEvent => ({ type: "move", pointer: pointer(x, y) });
export const up = (x: number, y: number): ToolEvent => ({ type: "up", pointer: pointer(x, y) });

/** Plays events to a tool; all effects in order, and the state in the end. */
export function play<State>(
  step: (state: State, event: ToolEvent, context: ToolContext) => Stepped<State>,
  start: State,
  events: readonly ToolEvent[],
  world: ToolContext,
): { state: State; effects: Effect[] } {
  const effects: Effect[] = [];
  let state = start;
  for (const event of events) {
    const stepped = step(state, event, world);
    state = stepped.state;
    effects.push(...stepped.effects);
  }
  return { state, effects };
}
