import { type ReactNode, useMemo } from "react";
import { maskArea } from "../../geometry/mask";
import type { Annotation, LabelClass } from "../../model/annotation";
import { compared, differences } from "../../model/compare";
import type { Scene } from "../../render/scene";
import { count } from "../bits/number";
import { ComparisonCanvas, type ComparisonCanvasProps } from "./ComparisonCanvas";
import styles from "./compare.module.css";

/** One of two versions: what it is called, and the colour and the name of the pixels that only it has. */
export interface Side {
  readonly name: string;
  /** Null where it was deleted. */
  readonly annotation: Annotation | null;
  readonly colour: string;
  readonly only: string;
}

interface CompareProps {
  before: Side;
  after: Side;
  photo: Scene["photo"];
  classes: readonly LabelClass[];
}

/** Device pixels: sharp on dense screens too. */
const [WIDTH, HEIGHT] = [336, 252];

/** Two versions of an object side by side, what of its pixels differs, and all else that does in words. */
export function Compare({ before, after, photo, classes }: CompareProps) {
  const comparison = useMemo(
    () => compared(before.annotation, after.annotation),
    [before.annotation, after.annotation],
  );
  const { added, removed, iou } = comparison;
  const drawn = comparison.before.w > 0 || comparison.after.w > 0;
  const differs = added.w > 0 || removed.w > 0;
  const shared = { comparison, photo, colours: { added: after.colour, removed: before.colour } };
  return (
    <>
      {drawn && (
        <div className={styles.pictures}>
          <Figure name={before.name} side={before}>
            <Picture label={before.name} shown="before" {...shared} />
          </Figure>
          <Figure name={after.name} side={after}>
            <Picture label={after.name} shown="after" {...shared} />
          </Figure>
          {differs && before.annotation && after.annotation && (
            <Figure name="Changes">
              <Picture label="Changes" shown="changes" {...shared} />
            </Figure>
          )}
        </div>
      )}
      {drawn && before.annotation && after.annotation && (
        <p className={styles.figures}>
          <span>
            IoU <b>{iou.toFixed(3)}</b>
          </span>
          <Only side={after} pixels={maskArea(added)} />
          <Only side={before} pixels={maskArea(removed)} />
        </p>
      )}
      <dl className={styles.differences}>
        {differences(before.annotation, after.annotation, classes).map(({ what, ...said }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {said.before} → {said.after}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** How many pixels only one side has. */
export const Only = ({ side, pixels }: { side: Pick<Side, "colour" | "only">; pixels: number }) => (
  <span>
    <i className={styles.swatch} style={{ background: side.colour }} /> {count(pixels)} px {side.only}
  </span>
);

const Figure = ({ name, side, children }: { name: string; side?: Side; children: ReactNode }) => (
  <figure>
    {side && !side.annotation ? <div className={styles.missing}>deleted</div> : children}
    <figcaption>
      {side && <i className={styles.swatch} style={{ background: side.colour }} />} {name}
    </figcaption>
  </figure>
);

const Picture = (props: Omit<ComparisonCanvasProps, "width" | "height">) => (
  <ComparisonCanvas {...props} width={WIDTH} height={HEIGHT} />
);
