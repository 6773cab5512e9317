import { Button } from "@mantine/core";
import { Link } from "react-router";
import type { Project } from "../../../server/types";
import { Failed, Message, Skeleton } from "../../editor/Around";
import { useReviewContext } from "../context";
import { useReviewFilters } from "../filters/useReviewFilters";
import { ReviewFrame } from "../frame/ReviewFrame";
import { OneView } from "./OneView";
import { useReview } from "./useReview";

/** `/projects/:id/review`: one mask after the other. */
export default function OnePage() {
  const { project } = useReviewContext();
  const { filters } = useReviewFilters();
  const review = useReview(project.id, filters);
  const { queue, item, skipped, restart } = review;
  if (queue.phase === "failed") return <Failed error={queue.error} what="review queue" retry={restart} />;
  if (queue.phase === "empty")
    return (
      <ReviewFrame mode="one" waiting={0} commands={[]}>
        <Empty project={project} skipped={skipped} restart={restart} />
      </ReviewFrame>
    );
  if (!item) return <Skeleton />;
  return <OneView review={review} item={item} />;
}

interface EmptyProps {
  project: Project;
  skipped: number;
  restart: () => void;
}

const Empty = ({ project, skipped, restart }: EmptyProps) => (
  <Message
    title="Nothing waits for review"
    actions={
      <>
        <Button component={Link} to={`/projects/${project.id}`}>
          Back to the project
        </Button>
        <Button variant="default" onClick={restart}>
          Look again
        </Button>
      </>
    }
  >
    {skipped > 0
      ? `You skipped ${skipped} ${skipped === 1 ? "mask" : "masks"}; they come again when you look again.`
      : "Masks come here when annotators submit their images."}
  </Message>
);
