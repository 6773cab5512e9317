import { Button } from "@mantine/core";
import { useState } from "react";
import { useImage } from "../../../server/images";
import { Message, Skeleton } from "../../editor/Around";
import { useReviewContext } from "../context";
import { useReviewFilters } from "../filters/useReviewFilters";
import { NothingShown } from "../frame/NothingShown";
import { ReviewFrame } from "../frame/ReviewFrame";
import { FixView } from "../one/FixView";
import { useDesk } from "../one/useDesk";
import { useLiveSitting } from "../one/useLiveSitting";
import { useSitting, useSittingState } from "../one/useSitting";
import { shownOf } from "../one/walk";
import { imageCommands } from "./commands";
import { JudgeImage } from "./JudgeImage";
import { useImageEditor } from "./useImageEditor";
import type { Trail } from "./useTrail";

interface ImagePageProps {
  image: string;
  trail: Trail;
}

/** What waits on one image, claimed together. */
export function ImagePage({ image, trail }: ImagePageProps) {
  const sitting = useSitting(image);
  const state = useSittingState(sitting);
  useLiveSitting(sitting);
  const first = state.walk.items[0];
  const info = useImage(image).data;
  const [itself, setItself] = useState(false);
  // It stays on show once it is accepted.
  if (!itself && info?.assignment?.state === "submitted" && info.assignment.image_review) setItself(true);
  if (first) return <ImageView {...{ sitting, state, trail }} image={first.image_detail} />;
  if (!state.error && (state.asking || state.waiting === undefined)) return <Skeleton />;
  if (!state.error && itself && info) return <ImageView {...{ sitting, state, trail }} image={info} />;
  return (
    <ReviewFrame mode="whole" waiting={state.waiting} commands={imageCommands(trail)}>
      {state.error ? (
        <NothingShown error={state.error} waiting={state.waiting ?? 0} again={sitting.start} />
      ) : (
        <NothingHere trail={trail} />
      )}
    </ReviewFrame>
  );
}

type ImageViewProps = Omit<Parameters<typeof JudgeImage>[0], "editor" | "desk">;

/** The image, to be judged or while one of its objects is fixed. */
function ImageView(props: ImageViewProps) {
  const { sitting, state, image } = props;
  const item = shownOf(state.walk);
  const editor = useImageEditor(image, state.walk.items, item, useReviewContext());
  const desk = useDesk(item?.id ?? image.id);
  if (desk.open === "fix" && item)
    return (
      <FixView
        mode="whole"
        {...{ sitting, state, item, editor }}
        pending={desk.pending}
        onAccept={desk.acceptPending}
        onLeave={() => desk.setOpen(null)}
      />
    );
  return <JudgeImage {...props} editor={editor} desk={desk} />;
}

function NothingHere({ trail }: { trail: Trail }) {
  const { narrowed, clear } = useReviewFilters();
  return (
    <Message
      title="Nothing waits for you on this image"
      actions={
        <>
          <Button onClick={trail.next}>Next image</Button>
          {narrowed && (
            <Button variant="default" onClick={clear}>
              Clear the filters
            </Button>
          )}
        </>
      }
    >
      {narrowed
        ? "No mask on it matches these filters."
        : "All of it is judged, or others look at it now, or it is yours."}
    </Message>
  );
}
