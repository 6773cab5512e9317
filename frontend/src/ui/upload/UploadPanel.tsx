import { ActionIcon, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Bar, type BarPart } from "../bits/Bar";
import { Chip, type ChipTone } from "../bits/Chip";
import { count, counted } from "../bits/number";
import { isOver, type Upload, type UploadState } from "./queue";
import classes from "./upload.module.css";
import { useUploads } from "./useUploads";

const ROW = 44;
const TONES: Record<UploadState, ChipTone> = {
  waiting: "muted",
  sending: "accent",
  created: "ok",
  duplicate: "muted",
  refused: "bad",
  failed: "bad",
};
const BAR_TONES: Partial<Record<UploadState, BarPart["tone"]>> = { created: "ok", duplicate: "muted" };
const WORDS: Partial<Record<UploadState, string>> = { created: "uploaded", duplicate: "already here" };

/** What became of every file; stays until it is closed. */
export function UploadPanel({ projectId }: { projectId: string }) {
  const { queue, uploads } = useUploads(projectId);
  const [shown, { toggle }] = useDisclosure(true);
  if (uploads.length === 0) return null;
  const done = uploads.filter(isOver).length;
  const failed = uploads.some((upload) => upload.state === "failed");
  return (
    <section className={classes.panel} aria-label="Uploads">
      <div className={classes.head}>
        <h2 aria-live="polite">{summary(uploads)}</h2>
        {failed && (
          <Button variant="default" onClick={() => queue.retryFailed()}>
            Retry failed
          </Button>
        )}
        <ActionIcon variant="subtle" onClick={toggle} aria-label={shown ? "Fold the list" : "Show the list"}>
          {shown ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
        </ActionIcon>
        {done === uploads.length && (
          <ActionIcon variant="subtle" onClick={() => queue.clear()} aria-label="Close the uploads">
            <IconX size={16} />
          </ActionIcon>
        )}
      </div>
      <div className={classes.total}>
        <Bar label="Files uploaded" total={uploads.length} parts={[{ value: done, tone: "accent" }]} />
      </div>
      {shown && <Rows uploads={uploads} />}
    </section>
  );
}

/** "Uploading 3 of 12", then "10 uploaded, 1 already here, 1 refused". */
export function summary(uploads: readonly Upload[]): string {
  const over = uploads.filter(isOver);
  if (over.length < uploads.length)
    return `Uploading ${count(over.length + 1)} of ${counted(uploads.length, "file")}`;
  const states: UploadState[] = ["created", "duplicate", "refused", "failed"];
  const counts = states.map(
    (state) => [uploads.filter((upload) => upload.state === state).length, state] as const,
  );
  return counts.flatMap(([n, state]) => (n > 0 ? [`${count(n)} ${WORDS[state] ?? state}`] : [])).join(", ");
}

function Rows({ uploads }: { uploads: readonly Upload[] }) {
  const list = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: uploads.length,
    getScrollElement: () => list.current,
    estimateSize: () => ROW,
    overscan: 4,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by the keyboard
    <section className={classes.list} ref={list} tabIndex={0} aria-label="Files">
      <div className={classes.rows} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const upload = uploads[index];
          return upload && <Row key={upload.id} upload={upload} top={start} />;
        })}
      </div>
    </section>
  );
}

function Row({ upload, top }: { upload: Upload; top: number }) {
  const { file, state, sent, detail } = upload;
  return (
    <div className={classes.row} style={{ transform: `translateY(${top}px)` }}>
      <div className={classes.line}>
        <span className={classes.name}>{file.name}</span>
        <Chip tone={TONES[state]} hollow={state === "waiting"}>
          {state === "sending" ? `${Math.round(sent * 100)} %` : (WORDS[state] ?? state)}
        </Chip>
      </div>
      {isOver(upload) && detail ? (
        <div className={classes.detail} title={detail ?? undefined}>
          {detail}
        </div>
      ) : (
        <Bar
          label={`Upload of ${file.name}`}
          total={1}
          parts={[{ value: isOver(upload) ? 1 : sent, tone: BAR_TONES[state] ?? "accent" }]}
        />
      )}
    </div>
  );
}
