import { Button, Checkbox, Group, Modal } from "@mantine/core";
import type { Editor } from "../../editor/Editor";
import type { Finding } from "../../model/checks";
import { nameOf } from "../../model/lookup";
import { useEditor } from "../editor/useEditor";
import styles from "./checks.module.css";
import type { Findings } from "./ImageFindings";
import type { SubmitChecks } from "./useSubmitChecks";

interface SubmitSummaryProps {
  editor: Editor;
  checks: SubmitChecks;
}

/** More lines than these nobody reads before submitting. */
const MAX_LINES = 100;

/** The findings on an image that is about to be submitted. */
export function SubmitSummary({ editor, checks }: SubmitSummaryProps) {
  const { found, close } = checks;
  return (
    <Modal opened={found !== null} onClose={close} title="Before you submit" size="md">
      {found && <Summary editor={editor} checks={checks} found={found} />}
    </Modal>
  );
}

function Summary({ editor, checks, found }: SubmitSummaryProps & { found: Findings }) {
  const lines = [...found].flatMap(([id, findings]) => findings.map((finding) => ({ id, finding })));
  const fixable = lines.filter(({ finding }) => finding.fix !== null).length;
  const show = (id: string) => {
    editor.setTool("select");
    editor.select(id);
    editor.zoomTo(id);
    checks.close();
  };
  return (
    <>
      {lines.length === 0 ? (
        <p>Everything is mended. Undo brings it back as it was.</p>
      ) : (
        <ul className={styles.summary} aria-label="Findings">
          {lines.slice(0, MAX_LINES).map(({ id, finding }) => (
            <Line key={`${id} ${finding.check}`} {...{ editor, id, finding }} onShow={() => show(id)} />
          ))}
          {lines.length > MAX_LINES && <li>and {lines.length - MAX_LINES} more</li>}
        </ul>
      )}
      <Tidying editor={editor} />
      <Answers checks={checks} fixable={fixable} submit={lines.length > 0 ? "Submit as it is" : "Submit"} />
    </>
  );
}

interface AnswersProps {
  checks: SubmitChecks;
  fixable: number;
  submit: string;
}

/** The first of them that helps has the focus, again after it was used. */
const Answers = ({ checks, fixable, submit }: AnswersProps) => (
  <Group key={fixable} justify="flex-end" mt="md">
    <Button variant="default" onClick={checks.close}>
      Back
    </Button>
    <Button
      variant={fixable > 0 ? "default" : "filled"}
      autoFocus={fixable === 0}
      // The dialog gives the focus to its first button when it opens, unless another one is marked.
      data-autofocus={fixable === 0 || undefined}
      onClick={checks.submitAnyway}
    >
      {submit}
    </Button>
    {fixable > 0 && (
      <Button autoFocus data-autofocus onClick={checks.fixAll}>
        Fix all {fixable}
      </Button>
    )}
  </Group>
);

interface LineProps {
  editor: Editor;
  id: string;
  finding: Finding;
  onShow: () => void;
}

function Line({ editor, id, finding: { sentence, fix }, onShow }: LineProps) {
  const name = useEditor(editor, ({ history, classes }) => nameOf(history.present, classes, id));
  return (
    <li>
      <button type="button" onClick={onShow}>
        {name}
      </button>
      <span>{sentence}</span>
      {fix && <span className={styles.cure}>{fix.name}</span>}
    </li>
  );
}

/** So that the next images have none of it. */
function Tidying({ editor }: { editor: Editor }) {
  const tidies = useEditor(editor, ({ tidiesMasks }) => tidiesMasks);
  return (
    <Checkbox
      mt="md"
      label="From now on, mend specks and pinholes whenever a mask is kept"
      checked={tidies}
      onChange={(event) => editor.setTidiesMasks(event.currentTarget.checked)}
    />
  );
}
