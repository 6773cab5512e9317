import { boundsOf } from "../model/annotation";
import { annotationsAt } from "../model/lookup";
import { type Stepped, say, stay, type ToolContext, type ToolEvent, type ToolName } from "./tool";

/** Where something is about to be said: a place, and the object that lies there. */
export interface Pin {
  readonly x: number;
  readonly y: number;
  readonly annotation: string | null;
}

/** `back` is the tool that was in hand before, and is again afterwards. */
export interface CommentState {
  readonly draft: Pin | null;
  readonly back: ToolName;
}

export const idleComment: CommentState = { draft: null, back: "select" };

/** A click pins a comment; Enter pins one to what is selected. The words are written beside the image. */
export function stepComment(
  state: CommentState,
  event: ToolEvent,
  context: ToolContext,
): Stepped<CommentState> {
  switch (event.type) {
    case "down":
      return pinned(state, event.pointer.at, context);
    case "commit":
      return onSelected(state, context);
    case "cancel":
      return stay({ ...state, draft: null });
    default:
      return stay(state);
  }
}

function pinned(state: CommentState, { x, y }: { x: number; y: number }, context: ToolContext) {
  const { width, height } = context.image;
  if (x < 0 || y < 0 || x > width || y > height) return stay(state, say("Click inside the image."));
  const under = annotationsAt(context.image, { x, y }, context.hidden);
  const picked = under.find(({ id }) => context.selected.includes(id)) ?? under[0];
  return stay({ ...state, draft: { x, y, annotation: picked?.id ?? null } });
}

function onSelected(state: CommentState, { image, selected }: ToolContext) {
  const annotation = image.annotations.get(selected[0] ?? "");
  const box = annotation && boundsOf(annotation);
  if (!box) return stay(state);
  return stay({ ...state, draft: { x: box.x + box.w / 2, y: box.y + box.h / 2, annotation: annotation.id } });
}
