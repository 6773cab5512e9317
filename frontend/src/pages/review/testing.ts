import { annotation } from "../../model/testing";
import type { ImageInfo, ReviewItem } from "../../server/types";
import { image } from "../editor/testing";

/** A mask that waits for a verdict, unless told otherwise. */
export const reviewItem = (fields: Partial<ReviewItem> = {}): ReviewItem => ({
  ...(annotation({ state: "submitted" }) as unknown as ReviewItem),
  image: "i",
  image_detail: image as ImageInfo,
  approved: false,
  ...fields,
});
