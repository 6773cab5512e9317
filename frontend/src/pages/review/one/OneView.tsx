import { useState } from "react";
import { Banner } from "../../../ui/editor/Banner";
import editorStyles from "../../../ui/editor/editor.module.css";
import { useReviewContext } from "../context";
import type { ReviewCommand } from "../frame/commands";
import { ReviewFrame } from "../frame/ReviewFrame";
import styles from "../review.module.css";
import { ItemPanel } from "./ItemPanel";
import { ReasonStrip } from "./ReasonStrip";
import { ReviewStage } from "./ReviewStage";
import type { Item, Review } from "./useReview";

interface OneViewProps {
  review: Review;
  item: Item;
}

/** One mask and the keys that judge it. */
export function OneView({ review, item }: OneViewProps) {
  const { me, project, classes } = useReviewContext();
  const [asking, setAsking] = useState(false);
  const [outlineOnly, setOutlineOnly] = useState(false);
  const { queue, judge, next, back } = review;
  const accept = () => judge({ verdict: "accepted" });
  const ask = () => setAsking(true);
  const toggleOutline = () => setOutlineOnly((only) => !only);
  const reject = (reason: string, comment: string) => {
    setAsking(false);
    judge({ verdict: "rejected", reason, comment });
  };
  const command = (id: string, key: string, label: string, run: () => void): ReviewCommand => ({
    id: `review.${id}`,
    group: "Verdicts",
    label,
    keys: [key],
    run,
  });
  const commands = [
    command("accept", "A", "Accept", accept),
    command("reject", "X", "Reject, with a reason", ask),
    command("next", "J", "Next", next),
    command("back", "K", "Back", back),
    command("outline", "O", "Only the outline, or the fill too", toggleOutline),
    command("cancel", "Escape", "Cancel", () => setAsking(false)),
  ];
  return (
    <ReviewFrame
      mode="one"
      waiting={item.waiting}
      commands={commands}
      status="The least certain first"
      action={
        <>
          <Key name="K" label="Back" onPress={back} />
          <Key name="J" label="Skip" onPress={next} />
        </>
      }
    >
      <div className={styles.page} data-loading={queue.phase === "loading" || undefined}>
        <main className={editorStyles.main}>
          <ReviewStage item={item} classes={classes} me={me} outlineOnly={outlineOnly} />
          <div className={editorStyles.banners}>
            {queue.notice && <Banner tone="warn">{queue.notice}</Banner>}
          </div>
          {asking && (
            <ReasonStrip
              reasons={project.reject_reasons}
              onReject={reject}
              onCancel={() => setAsking(false)}
            />
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
            <Key name="X" label="Reject…" onPress={ask} />
            <Key
              name="O"
              label={outlineOnly ? "Show the fill" : "Only the outline"}
              onPress={toggleOutline}
            />
          </div>
        </aside>
      </div>
    </ReviewFrame>
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
