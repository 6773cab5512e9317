import { Button } from "@mantine/core";
import { Link, useParams } from "react-router";
import { counted } from "../../../ui/bits/number";
import { Message, Skeleton } from "../../editor/Around";
import { useReviewContext } from "../context";
import { NothingShown } from "../frame/NothingShown";
import { ReviewFrame } from "../frame/ReviewFrame";
import { ImagePage } from "./ImagePage";
import { type Trail, useTrail } from "./useTrail";

/** `/projects/:id/review/images/:image?`: all objects of an image, the images of the least certain masks first. */
export default function WholePage() {
  const { image } = useParams();
  const trail = useTrail(image);
  if (image) return <ImagePage key={image} image={image} trail={trail} />;
  if (trail.asking) return <Skeleton />;
  return (
    <ReviewFrame mode="whole" waiting={trail.waiting} commands={[]}>
      {trail.seen > 0 && !trail.error ? (
        <AllSeen trail={trail} />
      ) : (
        <NothingShown error={trail.error} waiting={trail.waiting ?? 0} again={trail.again} />
      )}
    </ReviewFrame>
  );
}

function AllSeen({ trail }: { trail: Trail }) {
  const { project } = useReviewContext();
  return (
    <Message
      title="That was the last image"
      actions={
        <>
          <Button onClick={trail.again}>Look again</Button>
          {trail.back && (
            <Button variant="default" onClick={trail.back}>
              The image before
            </Button>
          )}
          <Button variant="default" component={Link} to={`/projects/${project.id}`}>
            Back to the project
          </Button>
        </>
      }
    >
      You have seen {counted(trail.seen, "image")}. What you passed over comes again when you look again.
    </Message>
  );
}
