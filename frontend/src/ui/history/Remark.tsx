import { RelativeTime } from "../bits/RelativeTime";
import styles from "./history.module.css";
import type { Said } from "./said";

/** Something that was said about the object, among what happened to it. */
export const Remark = ({ said: { text, by, at, answers } }: { said: Said }) => (
  <div className={styles.decision}>
    <span className={styles.said}>
      <b>{answers ? "Answered" : "Commented"}</b>
      <span>
        {by.name}, <RelativeTime at={at} />
      </span>
      <q>{text}</q>
    </span>
  </div>
);
