import type { Snapshot } from "../../../editor/snapshot";
import type { Emphasis, Shape } from "../../../render/scene";
import { pastOverlay } from "../../../ui/history/pastOverlay";
import { photoAlone, type SceneMaker } from "../stage/scene";

/** What waits is filled, what is selected stands out, all others are thin outlines below. */
export const wholeScene =
  (waiting: ReadonlySet<string>, outlineOnly: boolean): SceneMaker =>
  (photo) => {
    const plain = photoAlone(photo);
    let last: { of: Snapshot; shapes: readonly Shape[] } | null = null;
    return (snapshot) => {
      if (!last || last.of.history !== snapshot.history || last.of.selected !== snapshot.selected)
        last = { of: snapshot, shapes: shapesOf(snapshot, waiting, outlineOnly) };
      return { ...plain(snapshot), shapes: last.shapes, overlay: pastOverlay(snapshot) };
    };
  };

function shapesOf(
  { history, classes, selected }: Snapshot,
  waiting: ReadonlySet<string>,
  outlineOnly: boolean,
): Shape[] {
  const rank = ({ annotation: { id } }: Shape) => (selected.includes(id) ? 2 : Number(waiting.has(id)));
  const shapes = [...history.present.annotations.values()].map((annotation) => ({
    annotation,
    colour: classes.find(({ id }) => id === annotation.class_id)?.colour ?? "#808080",
    emphasis: emphasisOf(annotation.id, waiting, selected),
    outlineOnly: outlineOnly || !waiting.has(annotation.id),
  }));
  return shapes.sort((a, b) => rank(a) - rank(b));
}

function emphasisOf(id: string, waiting: ReadonlySet<string>, selected: readonly string[]): Emphasis {
  if (selected.includes(id)) return "selected";
  return waiting.has(id) ? "normal" : "faint";
}
