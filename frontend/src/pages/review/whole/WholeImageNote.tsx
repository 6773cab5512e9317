import { useDeleted } from "../../../server/annotations";
import { RelativeTime } from "../../../ui/bits/RelativeTime";
import { useReviewContext } from "../context";
import type { ImageVerdict } from "./useImageVerdict";
import styles from "./whole.module.css";

/** The reason why the image itself waits for a reviewer. */
export function WholeImageNote({ image, verdict }: { image: string; verdict: ImageVerdict }) {
  const { because, annotator, accepted } = verdict;
  return (
    <section className={styles.note} aria-label="The image itself" data-accepted={accepted || undefined}>
      {because === "nothing_to_label" ? (
        <p>
          <b>{annotator}</b> found nothing to label on this image.
        </p>
      ) : (
        <>
          <p>These accepted objects were deleted:</p>
          <Gone image={image} />
        </>
      )}
      {accepted && <p>✓ accepted</p>}
    </section>
  );
}

/** The accepted objects that were deleted, the latest first. */
function Gone({ image }: { image: string }) {
  const { classes } = useReviewContext();
  const { data: deleted = [] } = useDeleted(image);
  const nameOf = (id: string) => classes.find((one) => one.id === id)?.name ?? "An object";
  return (
    <ul>
      {deleted
        .filter(({ state }) => state === "accepted")
        .map(({ id, class_id, updated_by, deleted_at }) => (
          <li key={id}>
            {nameOf(class_id)}, by {updated_by?.name} {deleted_at && <RelativeTime at={deleted_at} />}
          </li>
        ))}
    </ul>
  );
}
