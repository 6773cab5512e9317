import editorStyles from "../../../ui/editor/editor.module.css";
import styles from "./filters.module.css";
import { useReviewFilters } from "./useReviewFilters";

/** Which part of the queue is shown. */
export function FilterBar({ disabled }: { disabled: boolean }) {
  const { filters, verdict, narrowed, clear } = useReviewFilters();
  return (
    <section className={styles.bar} aria-label="Which part of the queue">
      <span>{verdict === "waiting" ? "Waiting" : verdict}</span>
      {Object.entries(filters).map(([name, value]) => (
        <span key={name}>
          {name}: {value}
        </span>
      ))}
      {narrowed && (
        <button type="button" className={editorStyles.button} onClick={clear} disabled={disabled}>
          Clear
        </button>
      )}
    </section>
  );
}
