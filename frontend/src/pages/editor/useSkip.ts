import { useQueryClient } from "@tanstack/react-query";
import { skipAssignment } from "../../server/assignments";
import { keys } from "../../server/keys";
import { sentenceOf } from "../../server/problem";
import type { ImageInfo } from "../../server/types";

/** Puts the image aside with a reason; undefined where it is not this person's to skip. */
export function useSkip(image: ImageInfo, me: string, onDone: () => Promise<void>) {
  const client = useQueryClient();
  const { assignment } = image;
  const mine = assignment?.annotator.id === me && ["open", "returned"].includes(assignment.state);
  if (!mine) return undefined;
  return async (reason: string): Promise<void> => {
    try {
      await skipAssignment(assignment.id, reason);
    } catch (error) {
      throw new Error(sentenceOf(error));
    }
    await client.invalidateQueries({ queryKey: keys.myAssignments });
    void client.invalidateQueries({ queryKey: keys.image(image.id) });
    await onDone();
  };
}
