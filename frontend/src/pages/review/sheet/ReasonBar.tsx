import styles from "./sheet.module.css";

interface ReasonBarProps {
  reasons: readonly string[];
  /** The one that is said of the mask that is pointed at. */
  chosen: string | undefined;
  /** At the top, where the mask is at the bottom. */
  above: boolean;
  onChoose: (reason: string) => void;
}

/** Why a mask is bad: one key or click says it. The keys are the page's, so that arrows still go on. */
export const ReasonBar = ({ reasons, chosen, above, onChoose }: ReasonBarProps) => (
  <section className={styles.strip} data-above={above || undefined} aria-label="Why is it bad?">
    <b>Why?</b>
    {reasons.map((reason, i) => (
      <button
        key={reason}
        type="button"
        aria-pressed={reason === chosen}
        aria-keyshortcuts={i < 9 ? `${i + 1}` : undefined}
        onClick={() => onChoose(reason)}
      >
        {i < 9 && <kbd>{i + 1}</kbd>} {reason}
      </button>
    ))}
  </section>
);
