import { annotation } from "../../../model/testing";
import type { Claimed, ReviewItem } from "../../../server/types";
import { image } from "../../editor/testing";

/** A mask that waits, as the queue hands it out. */
export const item = (id: string, confidence: number, change: object = {}): ReviewItem =>
  ({
    ...annotation({ id, confidence, state: "submitted" }),
    image: "i",
    image_detail: image,
    approved: false,
    ...change,
  }) as unknown as ReviewItem;

export const claimed = (results: readonly ReviewItem[], waiting = results.length): Claimed => ({
  results: [...results],
  until: "2030-01-01T00:00:00Z",
  waiting,
});
