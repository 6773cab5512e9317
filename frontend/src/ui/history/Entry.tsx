import { useEffect, useRef } from "react";
import type { Box } from "../../geometry/box";
import type { Mask } from "../../geometry/mask";
import type { Photo } from "../../render/TiledPhoto";
import { drawThumbnail } from "../../render/thumbnail";
import type { HistoryEntry } from "../../server/types";
import { RelativeTime } from "../bits/RelativeTime";
import styles from "./history.module.css";
import { pixelsOfEntry } from "./versions";
import { headingOf } from "./words";

interface EntryProps {
  entry: HistoryEntry;
  chosen: boolean;
  /** The keys begin here. */
  newest: boolean;
  photo: Photo | null;
  region: Box;
  choose: (entry: HistoryEntry) => void;
}

/** One thing that happened: who, when and what. A version can be chosen, a decision about it only read. */
export function Entry({ entry, chosen, newest, photo, region, choose }: EntryProps) {
  const said = <Said entry={entry} />;
  if (!entry.annotation) return <div className={styles.decision}>{said}</div>;
  return (
    <button
      type="button"
      className={styles.entry}
      aria-pressed={chosen}
      // Where it opens with all of it there already, the drawer would focus its first button.
      data-autofocus={newest || undefined}
      onClick={() => choose(entry)}
    >
      <Thumbnail photo={photo} mask={pixelsOfEntry(entry)} region={region} />
      {said}
    </button>
  );
}

const Said = ({ entry }: Pick<EntryProps, "entry">) => (
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

interface ThumbnailProps {
  photo: Photo | null;
  mask: Mask;
  region: Box;
}

function Thumbnail({ photo, mask, region }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) drawThumbnail(canvas.current, photo, mask, region);
  }, [photo, mask, region]);
  return <canvas ref={canvas} className={styles.thumbnail} width={128} height={96} />;
}
