import { addAnnotation } from "../model/actions/addAnnotation";
import { keepApart } from "../model/actions/keepApart";
import type { Annotation } from "../model/annotation";
import type { Versions } from "../model/compare";
import { type LabeledImage, patched } from "../model/labeledImage";
import type { Editor } from "./Editor";

/** What becomes of an object that somebody else changed as well. */
export type Choice = "mine" | "theirs" | "both";

/** The versions of an object as they are by now: ours may have been edited on. */
export const current = ({ id, theirs }: Versions, image: LabeledImage): Versions => ({
  id,
  theirs,
  mine: image.annotations.get(id) ?? null,
});

/** Makes of the image what was chosen, as one entry of the history, so that ours can be brought back. */
export function choose(editor: Editor, versions: Versions, choice: Choice): void {
  const { id, mine, theirs } = current(versions, editor.image);
  const name = editor.names([id]);
  const withTheirs = (image: LabeledImage) => patched(image, new Map([[id, theirs]]));
  if (choice === "theirs") editor.adopt(`choice of their ${name}`, withTheirs);
  if (choice === "both" && mine)
    editor.adopt(`choice of both versions of ${name}`, (image) => beside(editor, withTheirs(image), mine));
}

/** Ours as another object on top; where masks may not overlap it has what theirs leaves of it. */
function beside(editor: Editor, image: LabeledImage, mine: Annotation): LabeledImage {
  const by = { created_by: editor.me, updated_by: editor.me };
  const fresh: Annotation = { ...mine, ...by, id: editor.newId(), version: 0, state: "draft", review: null };
  const added = addAnnotation(fresh)(image);
  const both = editor.getSnapshot().rules.overlap === "exclusive" ? keepApart(image, added) : added;
  if (!both.annotations.has(fresh.id)) editor.say("Theirs covers all of yours, so nothing is left of it.");
  return both;
}
