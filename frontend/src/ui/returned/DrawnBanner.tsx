import { Banner } from "../editor/Banner";
import styles from "./returned.module.css";
import type { DrawnAtPin } from "./useDrawnAtPin";

/** Asks whether what was drawn is what a reviewer missed. */
export const DrawnBanner = ({ drawn: { name, resolve, dismiss } }: { drawn: DrawnAtPin }) => (
  <Banner
    tone="info"
    actions={
      <span className={styles.way}>
        <button type="button" onClick={resolve}>
          Resolve the pin <kbd>⇧C</kbd>
        </button>
        <button type="button" onClick={dismiss}>
          No, it is another object
        </button>
      </span>
    }
  >
    Is {name} the object that was missing here?
  </Banner>
);
