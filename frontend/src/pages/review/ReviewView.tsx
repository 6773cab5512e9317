import { useCallback, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { isTaken, keyOf } from "../../editor/keys";
import type { LabelClass, Person } from "../../model/annotation";
import type { Project } from "../../server/types";
import { Banner } from "../../ui/editor/Banner";
import editorStyles from "../../ui/editor/editor.module.css";
import { ItemPanel } from "./ItemPanel";
import { ReasonStrip } from "./ReasonStrip";
import { ReviewStage } from "./ReviewStage";
import styles from "./review.module.css";
import type { Item, Review } from "./useReview";

interface ReviewViewProps {
  project: Project;
  classes: readonly LabelClass[];
  me: Person;
  review: Review;
  item: Item;
}

/** One mask and the keys that judge it. */
export function ReviewView({ project, classes, me, review, item }: ReviewViewProps) {
  const [asking, setAsking] = useState(false);
  const [outlineOnly, setOutlineOnly] = useState(false);
  const { queue, judge, next, back } = review;
  const accept = () => judge({ verdict: "accepted" });
  const toggleOutline = () => setOutlineOnly((only) => !only);
  const reject = (reason: string, comment: string) => {
    setAsking(false);
    judge({ verdict: "rejected", reason, comment });
  };
  useReviewKeys({
    A: accept,
    X: () => setAsking(true),
    J: next,
    K: back,
    O: toggleOutline,
    Escape: () => setAsking(false),
  });
  return (
    <div className={styles.page} data-loading={queue.phase === "loading" || undefined}>
      <header className={editorStyles.top}>
        <nav className={editorStyles.crumbs} aria-label="Where you are">
          <Link to={`/projects/${project.id}`}>{project.name}</Link>
          <span aria-hidden="true">›</span>
          <h1>Review</h1>
        </nav>
        <span className={styles.waiting} role="status">
          {item.waiting} waiting · least certain first
        </span>
        <Key name="K" label="Back" onPress={back} />
        <Key name="J" label="Skip" onPress={next} />
      </header>
      <main className={editorStyles.main}>
        <ReviewStage item={item} classes={classes} me={me} outlineOnly={outlineOnly} />
        <div className={editorStyles.banners}>
          {queue.notice && <Banner tone="warn">{queue.notice}</Banner>}
        </div>
        {asking && (
          <ReasonStrip reasons={project.reject_reasons} onReject={reject} onCancel={() => setAsking(false)} />
        )}
      </main>
      <aside className={editorStyles.side} aria-label="The mask to be judged">
        <ItemPanel
          item={item}
          labelClass={classes.find(({ id }) => id === item.class_id)}
          verdict={queue.verdicts[item.id]}
        />
        <div className={styles.verdicts}>
          <Key name="A" label="Accept" onPress={accept} primary />
          <Key name="X" label="Reject…" onPress={() => setAsking(true)} />
          <Key name="O" label={outlineOnly ? "Show the fill" : "Only the outline"} onPress={toggleOutline} />
        </div>
      </aside>
    </div>
  );
}

interface KeyProps {
  name: string;
  label: string;
  onPress: () => void;
  primary?: boolean;
}

const Key = ({ name, label, onPress, primary = false }: KeyProps) => (
  <button
    type="button"
    className={primary ? editorStyles.primary : editorStyles.button}
    aria-keyshortcuts={name}
    onClick={onPress}
  >
    {label} <kbd aria-hidden>{name}</kbd>
  </button>
);

function useReviewKeys(actions: Readonly<Record<string, () => void>>) {
  const newest = useRef(actions);
  useEffect(() => {
    newest.current = actions;
  });
  const onKeyDown = useCallback((event: KeyboardEvent) => {
    const key = keyOf(event);
    const action = newest.current[key];
    if (!action || event.repeat || event.defaultPrevented || isTaken(event, key)) return;
    event.preventDefault();
    action();
  }, []);
  useEffect(() => {
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [onKeyDown]);
}
