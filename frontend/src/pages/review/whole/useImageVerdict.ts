import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { confirmImage } from "../../../server/assignments";
import { useImage } from "../../../server/images";
import { keys } from "../../../server/keys";
import type { ImageInfo, ImageReview } from "../../../server/types";
import { toastProblem } from "../../../ui/bits/toast";
import { useReviewContext } from "../context";
import { GLANCE } from "../one/Looked";
import { useSeen } from "../stage/useSeen";

/** The review of the image itself. */
export interface ImageVerdict {
  readonly because: ImageReview;
  readonly annotator: string;
  readonly accepted: boolean;
  /** Accepts the image as it is; undefined where this person may not. */
  readonly accept: (() => void) | undefined;
}

/** `drawable`: the image can be seen, which it has to be for a moment before it is accepted. */
export function useImageVerdict(image: ImageInfo, drawable: boolean): ImageVerdict | null {
  const { me, project, outgoing } = useReviewContext();
  const client = useQueryClient();
  const { assignment } = useImage(image.id).data ?? image;
  const [accepted, setAccepted] = useState<ImageReview | null>(null);
  const since = useRef(Number.POSITIVE_INFINITY);
  const waiting = assignment?.state === "submitted" ? assignment.image_review : "";
  useSeen(`${image.id} ${waiting}`, drawable, () => {
    since.current = performance.now();
  });
  const because = waiting || accepted;
  if (!assignment || !because) return null;
  const accept = async () => {
    if (performance.now() - since.current < GLANCE) return;
    setAccepted(because);
    try {
      await outgoing.send(() => confirmImage(assignment.id, because));
    } catch (error) {
      setAccepted(null);
      toastProblem(error);
    }
    void client.invalidateQueries({ queryKey: keys.image(image.id) });
    void client.invalidateQueries({ queryKey: keys.imagesToReview(project.id) });
  };
  const own = assignment.annotator.id === me.id && !project.review.own;
  const open = accepted === null && !own;
  return {
    because,
    annotator: assignment.annotator.name,
    accepted: accepted !== null,
    accept: open ? () => void accept() : undefined,
  };
}
