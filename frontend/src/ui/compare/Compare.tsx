import { useEffect, useMemo, useRef } from "react";
import { union } from "../../geometry/box";
import { type Mask, maskArea } from "../../geometry/mask";
import type { Annotation } from "../../model/annotation";
import { type Comparison, compared } from "../../model/compare";
import { bitmapOf } from "../../render/maskBitmap";
import { drawThumbnail, placeIn, regionAround } from "../../render/thumbnail";
import { count } from "../bits/number";
import styles from "./compare.module.css";

interface CompareProps {
  before: Annotation;
  after: Annotation;
  photo: CanvasImageSource | null;
  /** What happened in between: "sent back for: rough edge". */
  since: string;
}

/** The pixels that came and went, in colours that tell them apart also without red and green. */
const ADDED = "#3ddc84";
const REMOVED = "#ff5ca8";
/** Device pixels: sharp on dense screens too. */
const SIDE = 264;

/** An object as it was and as it is, with the pixels that changed. */
export function Compare({ before, after, photo, since }: CompareProps) {
  const comparison = useMemo(() => compared(before, after), [before, after]);
  const { added, removed, iou } = comparison;
  return (
    <section className={styles.compare} aria-label="Before and after">
      <h3>{since}</h3>
      <div className={styles.pictures}>
        <Picture label="Before" comparison={comparison} photo={photo} shown="before" />
        <Picture label="After" comparison={comparison} photo={photo} shown="after" />
        <Picture label="Changes" comparison={comparison} photo={photo} shown="changes" />
      </div>
      <p>
        IoU <b>{iou.toFixed(3)}</b>
        <span>
          <i style={{ background: ADDED }} /> {count(maskArea(added))} px more
        </span>
        <span>
          <i style={{ background: REMOVED }} /> {count(maskArea(removed))} px less
        </span>
      </p>
    </section>
  );
}

interface PictureProps {
  label: string;
  comparison: Comparison;
  photo: CanvasImageSource | null;
  shown: "before" | "after" | "changes";
}

function Picture({ label, comparison, photo, shown }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, comparison, photo, shown);
  }, [comparison, photo, shown]);
  return (
    <figure>
      <canvas ref={canvas} width={SIDE} height={SIDE} role="img" aria-label={label} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}

function draw(
  canvas: HTMLCanvasElement,
  { before, after, added, removed }: Comparison,
  photo: CanvasImageSource | null,
  shown: PictureProps["shown"],
): void {
  const region = regionAround(before.w === 0 ? after : after.w === 0 ? before : union(before, after));
  drawThumbnail(canvas, photo, shown === "before" ? before : after, region);
  if (shown !== "changes") return;
  const place = placeIn(region, canvas);
  const scale = place.w / region.w;
  const context = canvas.getContext("2d");
  const paint = (mask: Mask, colour: string) => {
    if (mask.w === 0) return;
    const [x, y] = [place.x + (mask.x - region.x) * scale, place.y + (mask.y - region.y) * scale];
    context?.drawImage(bitmapOf(mask, colour), x, y, mask.w * scale, mask.h * scale);
  };
  paint(added, ADDED);
  paint(removed, REMOVED);
}
