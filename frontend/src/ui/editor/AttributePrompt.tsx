import { questionOf } from "../../editor/asking";
import { commandNamed } from "../../editor/commands";
import type { Editor } from "../../editor/Editor";
import { pickOption } from "../../editor/edits";
import { keysOf } from "../../editor/keymap";
import { boxToScreen } from "../../geometry/viewport";
import { type Annotation, boundsOf } from "../../model/annotation";
import { type Attribute, isPicked, optionsOf } from "../../model/attributes";
import { keyCap } from "./icons";
import { placeBeside } from "./place";
import styles from "./prompt.module.css";
import { useEditor } from "./useEditor";

/** In CSS pixels, before it has been drawn. */
const WIDTH = 220;
const ROW_HEIGHT = 32;
const REST_HEIGHT = 64;

/** Asks for a required attribute of an object that was just kept, beside it. One digit answers; Esc leaves it for later. */
export function AttributePrompt({ editor }: { editor: Editor }) {
  const annotation = useEditor(editor, (snapshot) => questionOf(snapshot)?.annotation);
  const attribute = useEditor(editor, (snapshot) => questionOf(snapshot)?.attribute);
  return annotation && attribute ? <Prompt {...{ editor, annotation, attribute }} /> : null;
}

interface PromptProps {
  editor: Editor;
  annotation: Annotation;
  attribute: Attribute;
}

function Prompt({ editor, annotation, attribute }: PromptProps) {
  const viewport = useEditor(editor, (snapshot) => snapshot.viewport);
  const screen = useEditor(editor, (snapshot) => snapshot.screen);
  const options = optionsOf(attribute);
  const box = boundsOf(annotation) ?? { x: 0, y: 0, w: 0, h: 0 };
  const size = { width: WIDTH, height: REST_HEIGHT + ROW_HEIGHT * Math.max(options.length, 1) };
  const { x, y } = placeBeside(boxToScreen(viewport, box), size, screen);
  const title = `${attribute.name} of ${editor.names([annotation.id])}`;
  return (
    <section className={styles.prompt} style={{ left: x, top: y, width: WIDTH }} aria-label={title}>
      <h2 role="status">{title}?</h2>
      {options.length > 0 ? <Options {...{ editor, annotation, attribute }} /> : <Typed editor={editor} />}
      <p>
        <kbd>Esc</kbd> later
      </p>
    </section>
  );
}

const Options = ({ editor, annotation, attribute }: PromptProps) => (
  <div className={styles.options}>
    {optionsOf(attribute).map(({ label, value }, i) => (
      <button
        key={label}
        type="button"
        aria-pressed={isPicked(attribute, annotation.attributes[attribute.id], value)}
        onClick={() => pickOption(editor, [annotation], attribute, value)}
      >
        {i < 9 && <kbd>{i + 1}</kbd>} {label}
      </button>
    ))}
  </div>
);

/** Words and numbers are written beside the image. */
function Typed({ editor }: { editor: Editor }) {
  const key = useEditor(editor, ({ keymap }) => keysOf(commandNamed("attributes"), keymap)[0]);
  return <p>{key ? <kbd>{keyCap(key)}</kbd> : "Attributes"} to enter it beside the image</p>;
}
