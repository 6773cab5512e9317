import type { Annotation } from "../../model/annotation";
import { score, scoreTone } from "../editor/words";
import styles from "./confidence.module.css";

type Judged = Pick<Annotation, "confidence" | "kind">;

/** The words for an unknown confidence. Workers assess masks and polygons; boxes and tags stay unknown. */
export const unknownWords = ({ kind }: Pick<Annotation, "kind">): string =>
  kind === "box" || kind === "tag" ? "not assessed" : "not assessed yet";

/** The confidence in a line of text: a number in the tone of its value, or that nothing is known yet. */
export const Confidence = ({ annotation }: { annotation: Judged }) =>
  annotation.confidence === null ? (
    <span className={styles.unknown}>{unknownWords(annotation)}</span>
  ) : (
    <b data-tone={scoreTone(annotation.confidence)} title="Confidence">
      {score(annotation.confidence)}
    </b>
  );
