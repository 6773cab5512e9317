import type { ReviewItem, SentBack } from "../../../server/types";
import { Compare } from "../../../ui/compare/Compare";
import { ADDED, REMOVED } from "../../../ui/compare/ComparisonCanvas";
import { usePhoto } from "../../editor/usePhoto";
import { useReviewContext } from "../context";
import styles from "./one.module.css";
import { useSentBack, useWas } from "./useSentBack";

/** What a reviewer sent back and has come again: as it was then, and as it is now. */
export function Returned({ item }: { item: ReviewItem }) {
  const { classes } = useReviewContext();
  const sentBack = useSentBack(item);
  const was = useWas(item);
  const photo = usePhoto(item.image_detail);
  if (!sentBack || !was) return null;
  return (
    <section className={styles.returned} aria-label="Before and after">
      <h3>{sinceWhen(sentBack)}</h3>
      <Compare
        before={{ name: "Before", annotation: was, colour: REMOVED, only: "less" }}
        after={{ name: "After", annotation: item, colour: ADDED, only: "more" }}
        photo={photo.element}
        classes={classes}
      />
    </section>
  );
}

const sinceWhen = ({ by, reason }: SentBack): string =>
  `Since ${by.name} sent it back${reason && `: ${reason.toLowerCase()}`}`;
