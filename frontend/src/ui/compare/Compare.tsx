import { useMemo } from "react";
import { maskArea } from "../../geometry/mask";
import type { Annotation } from "../../model/annotation";
import { compared } from "../../model/compare";
import type { Scene } from "../../render/scene";
import { count } from "../bits/number";
import { ADDED, ComparisonCanvas, type ComparisonCanvasProps, REMOVED } from "./ComparisonCanvas";
import styles from "./compare.module.css";

interface CompareProps {
  before: Annotation;
  after: Annotation;
  photo: Scene["photo"];
  /** What happened in between: "sent back for: rough edge". */
  since: string;
}

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

const Picture = (props: Omit<ComparisonCanvasProps, "width" | "height">) => (
  <figure>
    <ComparisonCanvas {...props} width={SIDE} height={SIDE} />
    <figcaption>{props.label}</figcaption>
  </figure>
);
