import type { Editor } from "../../editor/Editor";
import type { Returned } from "../../model/returned";
import { RelativeTime } from "../bits/RelativeTime";
import { Banner } from "../editor/Banner";
import { useEditor } from "../editor/useEditor";
import styles from "./returned.module.css";
import type { Dispute } from "./useDispute";
import type { ReturnedWork } from "./useReturned";

interface ReturnedBannerProps {
  editor: Editor;
  work: ReturnedWork;
  dispute: Dispute;
}

/** What came back, where one is in it, and what the reviewer said: nothing has to be looked for. */
export function ReturnedBanner({ editor, work, dispute }: ReturnedBannerProps) {
  const { all, current, step } = work;
  const mended = all.filter((one) => one.mended).length;
  if (all.length === 0) return null;
  return (
    <Banner
      tone={mended === all.length ? "info" : "warn"}
      actions={<Way step={step} dispute={dispute.of ? undefined : dispute.begin} />}
    >
      <b>{headline(all.length, mended)}</b>
      {current && <Words editor={editor} of={current} />}
    </Banner>
  );
}

function headline(count: number, mended: number): string {
  if (mended === 0) return `${count} came back`;
  return mended === count ? `All ${count} that came back are mended` : `${mended} of ${count} mended`;
}

function Way({ step, dispute }: { step: ReturnedWork["step"]; dispute: Dispute["begin"] }) {
  return (
    <span className={styles.way}>
      {dispute && (
        <button type="button" onClick={dispute}>
          I think it is right… <kbd>⇧Y</kbd>
        </button>
      )}
      <button type="button" onClick={() => step(-1)}>
        Previous <kbd>⇧J</kbd>
      </button>
      <button type="button" onClick={() => step(1)}>
        Next <kbd>J</kbd>
      </button>
    </span>
  );
}

function Words({ editor, of }: { editor: Editor; of: Returned }) {
  const there = useEditor(editor, ({ history }) => history.present.annotations.has(of.id));
  const name = of.kind === "object" && there ? editor.names([of.id]) : null;
  return (
    <span className={styles.words}>
      {" · "}
      {of.kind === "missing" ? "An object is missing here" : `${name ?? "Deleted"}: ${said(of)}`}
      {of.comment && <q>{of.comment}</q>}
      {of.by && (
        <span className={styles.who}>
          {of.by.name}
          {of.at && (
            <>
              {", "}
              <RelativeTime at={of.at} />
            </>
          )}
        </span>
      )}
      {of.mended && <span className={styles.mended}>{of.disputed ? "disputed" : "mended"}</span>}
    </span>
  );
}

const said = ({ reason }: Returned): string => (reason || "sent back").toLowerCase();
