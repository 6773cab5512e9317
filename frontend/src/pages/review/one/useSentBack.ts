import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { sentBackQuery } from "../../../server/annotations";
import type { Annotation, ReviewItem, SentBack } from "../../../server/types";

/** The version of this that a reviewer sent back, whoever that was; nothing where it has not changed since. */
export const useSentBack = (item: ReviewItem): SentBack | null => useQuery(sentBackQuery(item)).data ?? null;

/** The object as it was then; the same one as long as nothing changes. */
export function useWas(item: ReviewItem): Annotation | null {
  const sentBack = useSentBack(item);
  return useMemo(() => sentBack && { ...item, ...sentBack.annotation }, [item, sentBack]);
}
