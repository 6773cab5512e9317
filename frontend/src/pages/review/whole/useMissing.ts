import { useState } from "react";
import type { Vector } from "../../../geometry/vector";
import type { CommentActions } from "../../../server/comments";
import type { ImageInfo } from "../../../server/types";
import type { Sitting } from "../one/Sitting";
import type { Desk } from "../one/useDesk";

interface MissingInput {
  sitting: Sitting;
  image: ImageInfo;
  desk: Desk;
  begin: CommentActions["begin"];
}

/** Where an object is missing; once that is said, the image goes back to its annotator. */
export function useMissing({ sitting, image, desk, begin }: MissingInput) {
  const [at, setAt] = useState<Vector | null>(null);
  const cancel = () => {
    setAt(null);
    desk.setOpen(null);
  };
  const send = async (text: string) => {
    if (!at) return;
    await begin({ x: at.x, y: at.y, kind: "missing", text });
    cancel();
    sitting.say(`${image.name} goes back to ${image.assignment?.annotator.name ?? "its annotator"}.`);
  };
  return { at, place: setAt, cancel, send };
}
