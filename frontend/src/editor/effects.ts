import { addAnnotations } from "../model/actions/addAnnotation";
import { changeAnnotations } from "../model/actions/changeAnnotations";
import { deleteAnnotations } from "../model/actions/deleteAnnotations";
import type { Annotation, LabelClass } from "../model/annotation";
import { defaultsOf } from "../model/attributes";
import type { Effect } from "../tools/tool";
import type { Editor } from "./Editor";

/** Does what a tool asks for; edits get the label that undo calls them by. Asking the model is in prediction.ts. */
export function perform(editor: Editor, effect: Exclude<Effect, { type: "predict" }>): void {
  switch (effect.type) {
    case "select":
      // The project's rules may refuse the new object.
      editor.select(...effect.ids.filter((id) => editor.image.annotations.has(id)));
      break;
    case "made":
      editor.selectMade(...effect.ids);
      break;
    case "ask":
      editor.ask(effect.id);
      break;
    case "say":
      editor.say(effect.sentence);
      break;
    case "add":
      add(editor, `new ${classOf(editor, effect.annotation)?.name ?? "object"}`, [effect.annotation]);
      break;
    case "accept": {
      const { length } = effect.annotations;
      const label = length === 1 ? "acceptance of a proposal" : `acceptance of ${length} proposals`;
      add(editor, label, effect.annotations);
      break;
    }
    case "delete":
      editor.edit(`${effect.deed} ${editor.names(effect.ids)}`, deleteAnnotations(...effect.ids));
      break;
    case "change": {
      const changed = editor.names([...effect.changes.keys()]);
      editor.edit(`${effect.deed} ${changed}`, changeAnnotations(effect.changes));
    }
  }
}

/** New objects have what their class says of new ones. */
function add(editor: Editor, label: string, annotations: readonly Annotation[]): void {
  const filled = annotations.map((annotation) => {
    const labelClass = classOf(editor, annotation);
    return labelClass ? { ...annotation, attributes: defaultsOf(labelClass) } : annotation;
  });
  if (!editor.edit(label, addAnnotations(filled)))
    editor.say("All of it belongs to other objects already, and in this project masks do not overlap.");
}

const classOf = (editor: Editor, { class_id }: Annotation): LabelClass | undefined =>
  editor.getSnapshot().classes.find(({ id }) => id === class_id);
