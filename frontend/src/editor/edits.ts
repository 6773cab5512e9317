import { addAnnotation, addAnnotations } from "../model/actions/addAnnotation";
import { type Change, changeAnnotation, changeAnnotations } from "../model/actions/changeAnnotations";
import { deleteAnnotations } from "../model/actions/deleteAnnotations";
import { type Copied, pasted } from "../model/actions/paste";
import { type Annotation, type LabelClass, newAnnotation } from "../model/annotation";
import { type Attribute, afterPick, isPicked, withValue } from "../model/attributes";
import { type Conversion, draftOf } from "../model/conversion";
import { same } from "../model/diff";
import { tagOf } from "../model/lookup";
import { clipboard } from "./clipboard";
import type { Editor } from "./Editor";
import { isWorking } from "./toolbox";

/** Says of the whole image that it is of a class, or no longer. */
export function toggleTag(editor: Editor, classId: string): void {
  const { image } = editor;
  const tag = tagOf(image, classId);
  if (tag) {
    editor.edit(`removal of ${editor.names([tag.id])}`, deleteAnnotations(tag.id));
    return;
  }
  const name = editor.getSnapshot().classes.find(({ id }) => id === classId)?.name ?? "image";
  const made = { id: editor.newId(), class_id: classId, kind: "tag", source: "tag", bbox: null } as const;
  const annotation = newAnnotation(editor.me, { ...made, area: image.width * image.height });
  editor.edit(`tag ${name}`, addAnnotation(annotation));
}

export function changeClass(editor: Editor, ids: readonly string[], { id: class_id }: LabelClass): void {
  const changes = new Map(ids.map((id) => [id, { class_id }]));
  if (ids.length > 0) editor.edit(`class of ${editor.names(ids)}`, changeAnnotations(changes));
}

/** Gives an attribute of some objects another value, as one entry of the history; undefined takes it away. */
export function changeAttribute(
  editor: Editor,
  annotations: readonly Annotation[],
  attribute: Attribute,
  next: (value: unknown) => unknown,
): void {
  const changes = annotations.flatMap(({ id, attributes: values }): [string, Change][] => {
    const value = next(values[attribute.id]);
    return same(values[attribute.id], value)
      ? []
      : [[id, { attributes: withValue(values, attribute.id, value) }]];
  });
  if (changes.length === 0) return;
  const names = editor.names(changes.map(([id]) => id));
  editor.edit(`${attribute.name} of ${names}`, changeAnnotations(new Map(changes)));
}

/** Picks an option for some objects; where all have it, they lose it. */
export function pickOption(
  editor: Editor,
  annotations: readonly Annotation[],
  attribute: Attribute,
  option: unknown,
): void {
  const without = annotations.filter((one) => !isPicked(attribute, one.attributes[attribute.id], option));
  const changed = without.length > 0 ? without : annotations;
  changeAttribute(editor, changed, attribute, (value) => afterPick(attribute, value, option));
}

/** Makes a mask the polygon that was shown of it. */
export function makePolygon(editor: Editor, converting: Conversion): void {
  const draft = draftOf(converting, editor.image);
  if (!draft) return;
  const { id, kind, segmentation, polygon, bbox, area } = draft.annotation;
  const change = { kind, segmentation, polygon, bbox, area };
  editor.edit(`polygon from ${editor.names([id])}`, changeAnnotation(id, change));
}

export function copySelected(editor: Editor): void {
  const { selected } = editor.getSnapshot();
  const annotations = selected.flatMap((id) => editor.image.annotations.get(id) ?? []);
  clipboard.put({ imageId: editor.image.id, annotations });
  editor.say(`Copied ${editor.names(selected)}. Ctrl+V pastes, also on another image.`);
}

/** Copies of what was copied, of the classes and kinds that are here, selected to be moved. */
export function paste(editor: Editor): void {
  const copied = clipboard.get();
  if (copied) pasteAll(editor, copied, (count) => `paste of ${count}`);
}

/** Copies of some annotations, as one entry of the history whose label is made of how many they are. */
export function pasteAll(editor: Editor, copied: Copied, label: (count: string) => string): void {
  const { classes, classId, rules } = editor.getSnapshot();
  const classFor = (id: string) => (classes.some((one) => one.id === id) ? id : classId);
  const all = pasted(copied, editor.image, { me: editor.me, newId: editor.newId, classFor });
  const fresh = all.filter(({ kind }) => rules.kinds.includes(kind));
  const count = fresh.length === 1 ? "1 object" : `${fresh.length} objects`;
  // What is under way goes on: those of another image may come a while after they were asked for.
  const goesOn = isWorking(editor.getSnapshot());
  if (!goesOn) editor.setTool("select");
  editor.edit(label(count), addAnnotations(fresh));
  // In a project whose masks do not overlap, others may have left nothing of some.
  const there = fresh.filter(({ id }) => editor.image.annotations.has(id));
  if (there.length > 0 && !goesOn) editor.select(...there.map(({ id }) => id));
  const lost = copied.annotations.length - there.length;
  if (lost > 0)
    editor.say(
      `${lost} of ${copied.annotations.length} not pasted: outside of this image, or there already.`,
    );
}
