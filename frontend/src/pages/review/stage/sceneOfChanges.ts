import type { Size } from "../../../geometry/vector";
import type { Annotation, LabelClass } from "../../../model/annotation";
import type { Shape } from "../../../render/scene";
import { changedShapes } from "../../../ui/compare/shapes";
import { photoAlone, type SceneMaker } from "./scene";

/** Dense, and without edges: what changed is often a pixel wide. */
const CHANGED = { opacity: 0.8, outlines: false };

/** Nothing but this version. */
export const sceneOfOne =
  (was: Annotation): SceneMaker =>
  (photo) => {
    const plain = photoAlone(photo);
    const shapesOf = kept((_now, classes) => [shape(was, colourOf(was, classes))]);
    return (snapshot) => ({
      ...plain(snapshot),
      shapes: shapesOf(was, snapshot.classes, snapshot.history.present),
    });
  };

/** The present one by its edge, and the pixels that came and went since it was like this. */
export const sceneOfChanges =
  (id: string, was: Annotation): SceneMaker =>
  (photo) => {
    const plain = photoAlone(photo);
    const shapesOf = kept((now, classes, image) => {
      return [
        { ...shape(now, colourOf(now, classes)), outlineOnly: true },
        ...changedShapes(was, now, image),
      ];
    });
    return (snapshot) => {
      const { present } = snapshot.history;
      const now = present.annotations.get(id);
      return {
        ...plain(snapshot),
        style: CHANGED,
        shapes: now ? shapesOf(now, snapshot.classes, present) : [],
      };
    };
  };

type Shapes = (now: Annotation, classes: readonly LabelClass[], image: Size) => readonly Shape[];

/** The same shapes until there is something else to be drawn: those that stay are not drawn anew. */
function kept(make: Shapes): Shapes {
  let last: { of: readonly unknown[]; shapes: readonly Shape[] } | null = null;
  return (now, classes, image) => {
    if (last?.of[0] !== now || last.of[1] !== classes)
      last = { of: [now, classes], shapes: make(now, classes, image) };
    return last.shapes;
  };
}

const colourOf = ({ class_id }: Annotation, classes: readonly LabelClass[]): string =>
  classes.find(({ id }) => id === class_id)?.colour ?? "#808080";

const shape = (annotation: Annotation, colour: string): Shape => ({
  annotation,
  colour,
  emphasis: "normal",
  outlineOnly: false,
});
