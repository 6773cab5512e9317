import type { Annotation } from "../../model/annotation";
import styles from "./confidence.module.css";

type Doubted = Pick<Annotation, "doubts">;

/** Why an annotation is doubtful, the weightiest first; nothing where nothing speaks against it. */
export const Doubts = ({ doubts }: Doubted) =>
  doubts && doubts.length > 0 ? (
    <ul className={styles.doubts} aria-label="Why it is doubtful">
      {doubts.map(({ signal, text }) => (
        <li key={signal}>{text}</li>
      ))}
    </ul>
  ) : null;

/** The same as one text, for a hover. */
export const doubtsInWords = ({ doubts }: Doubted): string =>
  (doubts ?? []).map(({ text }) => `\n· ${text}`).join("");
