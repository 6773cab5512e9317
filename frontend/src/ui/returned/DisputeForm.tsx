import type { Editor } from "../../editor/Editor";
import { Composer } from "../comments/Composer";
import { type Drafts, written } from "../comments/drafts";
import styles from "./returned.module.css";
import type { Dispute } from "./useDispute";

interface DisputeFormProps {
  editor: Editor;
  dispute: Dispute;
  drafts: Drafts;
}

/** A form for an annotator to say that a rejected object is right, and why if they like. */
export function DisputeForm({ editor, dispute, drafts }: DisputeFormProps) {
  const { of, send, cancel } = dispute;
  if (!of) return null;
  // The keys go on where they were.
  const toCanvas = () => document.querySelector<HTMLElement>("[role=application]")?.focus();
  return (
    <section className={styles.dispute} aria-label="Dispute the rejection">
      <p>
        <b>{editor.names([of.id])} is right as it is.</b> It goes back to review, marked as disputed. If
        possible, someone other than {of.by?.name ?? "the reviewer"} decides.
      </p>
      <Composer
        key={of.id}
        label="Why it is right (optional)"
        verb="I think it is right"
        optional
        focused
        draft={written(drafts, `dispute:${of.id}`)}
        onSend={async (text) => {
          await send(text);
          toCanvas();
        }}
        onCancel={() => {
          cancel();
          toCanvas();
        }}
      />
    </section>
  );
}
