import { type Corners, cornersBetween } from "../geometry/box";
import { wholePixels } from "../geometry/handles";
import { clampInto, type Vector } from "../geometry/vector";
import { newAnnotation } from "../model/annotation";
import { boxGeometry } from "../model/geometry";
import { type Stepped, say, stay, type ToolContext, type ToolEvent } from "./tool";

/** Drawing boxes: from where the button went down to where the pointer is. */
export interface BoxState {
  readonly press: { readonly from: Vector; readonly to: Vector } | null;
}

export const idleBox: BoxState = { press: null };

type Result = Stepped<BoxState>;

export function stepBox(state: BoxState, event: ToolEvent, context: ToolContext): Result {
  switch (event.type) {
    case "down": {
      const from = clampInto(event.pointer.at, context.image);
      return stay({ press: { from, to: from } });
    }
    case "move":
      return stay(pulled(state, event.pointer.at, context));
    case "up":
      return release(pulled(state, event.pointer.at, context), context);
    case "cancel":
    case "back":
      return stay(idleBox);
    default:
      return stay(state);
  }
}

export const previewBox = ({ press }: BoxState): Corners | null =>
  press && cornersBetween(press.from, press.to);

const pulled = ({ press }: BoxState, at: Vector, { image }: ToolContext): BoxState => ({
  press: press && { ...press, to: clampInto(at, image) },
});

function release({ press }: BoxState, { classId, me, newId }: ToolContext): Result {
  if (!press) return stay(idleBox);
  const box = wholePixels(cornersBetween(press.from, press.to));
  if (box.w === 0 || box.h === 0) return stay(idleBox);
  if (!classId) return stay(idleBox, say("Choose a class first; a manager adds classes in the project."));
  const annotation = newAnnotation(me, {
    id: newId(),
    class_id: classId,
    source: "box",
    ...boxGeometry(box),
  });
  // Selected, so that one key makes a mask of it.
  return stay(idleBox, { type: "add", annotation }, { type: "made", ids: [annotation.id] });
}
