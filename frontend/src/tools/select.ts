import { annotationsAt } from "../model/lookup";
import { type Stepped, stay, type ToolContext, type ToolEvent } from "./tool";

/** Picking what is there already; `hovered` is what a click would pick first. */
export interface SelectState {
  readonly hovered: string | null;
}

export const idleSelect: SelectState = { hovered: null };

export function stepSelect(state: SelectState, event: ToolEvent, context: ToolContext): Stepped<SelectState> {
  switch (event.type) {
    case "move":
      return stay(hovering(state, idsAt(event.pointer.at, context)[0] ?? null));
    case "leave":
      return stay(idleSelect);
    case "down":
      return stay(state, select(pick(idsAt(event.pointer.at, context), context.selected)));
    case "cancel":
      return stay(idleSelect, select(null));
    case "next":
      return stay(state, select(neighbour(context, 1)));
    case "previous":
      return stay(state, select(neighbour(context, -1)));
    default:
      return stay(state);
  }
}

/** The same state while nothing else lies under the pointer, so that nothing is drawn again. */
const hovering = (state: SelectState, hovered: string | null): SelectState =>
  hovered === state.hovered ? state : { ...state, hovered };

const select = (id: string | null) => ({ type: "select", ids: id === null ? [] : [id] }) as const;

const idsAt = (at: { x: number; y: number }, { image, hidden }: ToolContext): string[] =>
  annotationsAt(image, at, hidden).map(({ id }) => id);

/** The topmost, or what lies below the one that is selected already; round again at the bottom. */
function pick(ids: readonly string[], selected: readonly string[]): string | null {
  if (ids.length === 0) return null;
  return ids[(ids.indexOf(selected[0] ?? "") + 1) % ids.length] ?? null;
}

function neighbour({ image, hidden, selected }: ToolContext, step: 1 | -1): string | null {
  const ids = [...image.annotations.keys()].filter((id) => !hidden.has(id));
  if (ids.length === 0) return null;
  const at = ids.indexOf(selected[0] ?? "");
  if (at < 0) return (step > 0 ? ids[0] : ids.at(-1)) ?? null;
  return ids[(at + step + ids.length) % ids.length] ?? null;
}
