import { Button, Skeleton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type Box, union } from "../../geometry/box";
import { EMPTY_MASK, type Mask } from "../../geometry/mask";
import { type Annotation, pixelsOf } from "../../model/annotation";
import { regionAround } from "../../render/thumbnail";
import { restoreAnnotation, useHistory } from "../../server/annotations";
import type { HistoryEntry } from "../../server/types";
import { ProblemNotice } from "../bits/Notice";
import { RelativeTime } from "../bits/RelativeTime";
import { difference } from "./difference";
import styles from "./history.module.css";
import { Large, Small } from "./Picture";
import { headingOf } from "./words";

interface TimelineProps {
  annotation: string;
  photo: HTMLImageElement | null;
  /** Whether this person may bring a version back. */
  canRestore: boolean;
  /** What is not saved yet is to be saved first: a version that nobody has sent cannot be kept. */
  beforeRestore?: () => Promise<unknown>;
  onRestored: () => void;
}

/** Everything that happened to an object, the newest first; any version can be looked at and brought back. */
export function Timeline(props: TimelineProps) {
  const history = useHistory(props.annotation);
  if (history.isPending) return <Skeleton h={360} />;
  if (history.error) return <ProblemNotice error={history.error} retry={() => history.refetch()} />;
  return (
    <Loaded
      {...props}
      entries={history.data}
      refetch={() => void history.refetch()}
      more={history.hasNextPage ? () => void history.fetchNextPage() : undefined}
    />
  );
}

interface LoadedProps extends TimelineProps {
  entries: HistoryEntry[];
  refetch: () => void;
  more: (() => void) | undefined;
}

const pixels = (entry: HistoryEntry | undefined): Mask =>
  entry?.annotation ? pixelsOf(entry.annotation as unknown as Annotation) : EMPTY_MASK;

function Loaded({
  annotation,
  photo,
  canRestore,
  beforeRestore,
  onRestored,
  entries,
  refetch,
  more,
}: LoadedProps) {
  const drawn = entries.filter((entry) => entry.annotation);
  const newest = drawn[0];
  const [seq, setSeq] = useState<number | undefined>(undefined);
  const chosen = drawn.find((entry) => entry.seq === seq) ?? newest;
  const restore = useMutation({
    mutationFn: async (version: number) => {
      await beforeRestore?.();
      return restoreAnnotation(annotation, newest?.version ?? 1, version);
    },
    onSuccess: () => {
      setSeq(undefined);
      onRestored();
    },
    onSettled: refetch,
  });
  const shown = useMemo(() => compared(newest, chosen), [newest, chosen]);
  const isPresent = chosen === newest && newest?.kind !== "deleted";
  return (
    <div className={styles.sides}>
      <ol className={styles.entries} aria-label="History">
        {entries.map((entry) => (
          <li key={entry.seq}>
            <Entry
              entry={entry}
              chosen={entry === chosen}
              photo={photo}
              region={shown.region}
              choose={setSeq}
            />
          </li>
        ))}
        {more && (
          <li>
            <Button variant="default" onClick={more}>
              Earlier
            </Button>
          </li>
        )}
      </ol>
      <div className={styles.view}>
        <Large photo={photo} parts={shown.parts} region={shown.region} />
        <p className={styles.legend}>
          <i data-part="kept" /> the same <i data-part="added" /> only in this version{" "}
          <i data-part="removed" /> only now
        </p>
        {restore.error && <ProblemNotice error={restore.error} />}
        {canRestore && chosen && (
          <Button
            disabled={isPresent}
            loading={restore.isPending}
            onClick={() => restore.mutate(chosen.version)}
          >
            {isPresent ? "This is how it is now" : "Restore this version"}
          </Button>
        )}
      </div>
    </div>
  );
}

function compared(newest: HistoryEntry | undefined, chosen: HistoryEntry | undefined) {
  const now = newest?.kind === "deleted" ? EMPTY_MASK : pixels(newest);
  const then = pixels(chosen);
  const around: Box = now.w === 0 ? then : union(now, then);
  return { parts: difference(now, then), region: regionAround(around) };
}

interface EntryProps {
  entry: HistoryEntry;
  chosen: boolean;
  photo: HTMLImageElement | null;
  region: Box;
  choose: (seq: number) => void;
}

function Entry({ entry, chosen, photo, region, choose }: EntryProps) {
  const mask = useMemo(() => pixels(entry), [entry]);
  const said = (
    <span className={styles.said}>
      <b>{headingOf(entry)}</b>
      <span>
        {entry.by && `${entry.by.name}, `}
        <RelativeTime at={entry.at} />
      </span>
      {entry.words.map((word) => (
        <span key={word}>{word}</span>
      ))}
    </span>
  );
  if (!entry.annotation) return <div className={styles.decision}>{said}</div>;
  return (
    <button type="button" className={styles.entry} aria-pressed={chosen} onClick={() => choose(entry.seq)}>
      <Small photo={photo} mask={mask} region={region} />
      {said}
    </button>
  );
}
