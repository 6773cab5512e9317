import { Link } from "react-router";
import { keyCap } from "../../../ui/editor/icons";
import { useReviewContext } from "../context";
import { useReviewFilters } from "../filters/useReviewFilters";
import styles from "./frame.module.css";
import { MODES, type Mode } from "./modes";

/** The ways to look at the queue. */
export function ModeSwitch({ mode }: { mode: Mode["id"] }) {
  const { project } = useReviewContext();
  const { query } = useReviewFilters();
  return (
    <nav className={styles.modes} aria-label="How to review">
      {MODES.map(({ id, path, name, key }) => (
        <Link
          key={id}
          to={{ pathname: `/projects/${project.id}/review/${path}`, search: query }}
          aria-current={id === mode ? "page" : undefined}
          aria-keyshortcuts={key}
          title={`${name} (${keyCap(key)})`}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
