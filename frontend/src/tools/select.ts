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
      return stay({ hovered: idsAt(event.pointer.at, context)[0] ?? null });
    case "leave":
      return stay(idleSelect);
    case "down":
      return stay(state, { type: "select", id: pick(idsAt(event.pointer.at, context), context.selected) });
    case "cancel":
      return stay(idleSelect, { type: "select", id: null });
    case "next":
      return stay(state, { type: "select", id: neighbour(context, 1) });
    case "previous":
      return stay(state, { type: "select", id: neighbour(context, -1) });
    default:
      return stay(state);
  }
}

const idsAt = (at: { x: number; y: number }, { image, hidden }: ToolContext): string[] =>
  annotationsAt(image, at, hidden).map(({ id }) => id);

/** The topmost, or what lies below the one that is selected already; round again at the bottom. */
function pick(ids: readonly string[], selected: string | null): string | null {
  if (ids.length === 0) return null;
  return ids[(ids.indexOf(selected ?? "") + 1) % ids.length] ?? null;
}

function neighbour({ image, hidden, selected }: ToolContext, step: 1 | -1): string | null {
  const ids = [...image.annotations.keys()].filter((id) => !hidden.has(id));
  if (ids.length === 0) return null;
  const at = selected ? ids.indexOf(selected) : -1;
  if (at < 0) return (step > 0 ? ids[0] : ids.at(-1)) ?? null;
  return ids[(at + step + ids.length) % ids.length] ?? null;
}
