import { Button, Skeleton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { Annotation } from "../../model/annotation";
import { comparedMasks } from "../../model/compare";
import type { Photo } from "../../render/TiledPhoto";
import { restoreAnnotation, useHistory } from "../../server/annotations";
import { useThreads } from "../../server/comments";
import type { HistoryEntry } from "../../server/types";
import { ProblemNotice } from "../bits/Notice";
import { regionOf } from "../compare/ComparisonCanvas";
import { Entry } from "./Entry";
import styles from "./history.module.css";
import { Remark } from "./Remark";
import { inTime, type Said, saidAbout } from "./said";
import { Version } from "./Version";
import { pixelsNow, pixelsOfEntry } from "./versions";

interface TimelineProps {
  annotation: string;
  image: string;
  photo: Photo | null;
  /** Called when a version was brought back; without it people can only look. */
  onRestored: (() => void) | undefined;
  /** Shows the chosen version where it belongs, null for the present one. */
  onChoose: (version: Annotation | null) => void;
}

/** Everything that happened to an object, the newest first; any version can be looked at and brought back. */
export function Timeline(props: TimelineProps) {
  const history = useHistory(props.annotation);
  const threads = useThreads(props.image).data;
  if (history.isPending) return <Skeleton h={360} />;
  // Where only what is earlier, or news, cannot be fetched, the rest stays.
  if (!history.data) return <ProblemNotice error={history.error} retry={() => history.refetch()} />;
  return (
    <Loaded
      {...props}
      entries={history.data}
      said={saidAbout(props.annotation, threads ?? [])}
      refetch={() => void history.refetch()}
      more={history.hasNextPage ? () => void history.fetchNextPage() : undefined}
    />
  );
}

interface LoadedProps extends TimelineProps {
  entries: HistoryEntry[];
  said: readonly Said[];
  refetch: () => void;
  more: (() => void) | undefined;
}

function Loaded(props: LoadedProps) {
  const { annotation, photo, onRestored, onChoose, entries, said, refetch, more } = props;
  const { newest, chosen, choose } = useChoice(entries);
  const list = useFocusOn(newest?.seq);
  const restore = useMutation({
    mutationFn: (version: number) => restoreAnnotation(annotation, newest?.version ?? 1, version),
    onSuccess: () => {
      choose(undefined);
      onRestored?.();
    },
    onSettled: refetch,
  });
  const [now, then] = [pixelsNow(newest), pixelsOfEntry(chosen)];
  const comparison = useMemo(() => comparedMasks(now, then), [now, then]);
  const region = useMemo(() => regionOf(now, then), [now, then]);
  const isPresent = chosen === newest && newest?.kind !== "deleted";
  useShown(isPresent ? null : chosen, onChoose);
  const bringBack =
    onRestored && chosen && !isPresent && !restore.isPending
      ? () => restore.mutate(chosen.version)
      : undefined;
  return (
    <>
      <ol
        ref={list}
        className={styles.entries}
        aria-label="History"
        onKeyDown={(event) => onKey(event, bringBack)}
      >
        {inTime(entries, said, more === undefined).map((line) =>
          "text" in line ? (
            <li key={line.id}>
              <Remark said={line} />
            </li>
          ) : (
            <li key={line.seq}>
              <Entry
                {...{ photo, region, choose }}
                entry={line}
                chosen={line === chosen}
                newest={line === newest}
              />
            </li>
          ),
        )}
        {more && (
          <li>
            <Button variant="default" onClick={more}>
              Earlier
            </Button>
          </li>
        )}
      </ol>
      <Version
        {...{ comparison, isPresent, bringBack }}
        mayRestore={onRestored !== undefined}
        error={restore.error}
      />
    </>
  );
}

/** The version that is looked at: the newest until another is chosen. */
function useChoice(entries: HistoryEntry[]) {
  const [seq, setSeq] = useState<number | undefined>(undefined);
  const versions = entries.filter(({ annotation }) => annotation);
  const newest = versions[0];
  return {
    newest,
    chosen: versions.find((entry) => entry.seq === seq) ?? newest,
    choose: (entry: HistoryEntry | undefined) => setSeq(entry?.seq),
  };
}

/** The chosen version is on show elsewhere as long as it is chosen here. */
function useShown(chosen: HistoryEntry | null | undefined, show: TimelineProps["onChoose"]): void {
  const newest = useRef(show);
  useEffect(() => {
    newest.current = show;
  });
  useEffect(() => {
    newest.current((chosen?.annotation ?? null) as Annotation | null);
  }, [chosen]);
  useEffect(() => () => newest.current(null), []);
}

/** The keys begin at the newest version, also when that is one that was just brought back. */
function useFocusOn(newest: number | undefined) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (newest !== undefined) list.current?.querySelector("button")?.focus();
  }, [newest]);
  return list;
}

/** The arrows, Home and End lead from version to version; Enter brings the chosen one back. */
function onKey(event: KeyboardEvent<HTMLOListElement>, bringBack: (() => void) | undefined): void {
  const versions = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("[aria-pressed]")];
  const at = versions.indexOf(event.target as HTMLButtonElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: versions.length - 1 }[event.key];
  const isChosen = versions[at]?.getAttribute("aria-pressed") === "true";
  if (next === undefined && !(event.key === "Enter" && isChosen)) return;
  event.preventDefault();
  if (next === undefined) {
    bringBack?.();
    return;
  }
  versions[next]?.focus();
  versions[next]?.click();
}
