import { ReviewFrame } from "../frame/ReviewFrame";

/** `/projects/:id/review/images/:image?`: all objects of an image. */
export default function WholePage() {
  return (
    <ReviewFrame mode="whole" waiting={undefined} commands={[]}>
      {null}
    </ReviewFrame>
  );
}
