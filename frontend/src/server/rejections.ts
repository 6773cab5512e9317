import { useQueries } from "@tanstack/react-query";
import { listAnnotations } from "./annotations";
import { keys } from "./keys";
import type { Annotation } from "./types";

/** Why the rejected masks of these images came back: image id → reasons, each once, in the order of the masks. */
export function useRejectReasons(imageIds: string[]): Map<string, string[]> {
  const answers = useQueries({
    queries: imageIds.map((id) => ({ queryKey: keys.annotations(id), queryFn: () => listAnnotations(id) })),
  });
  return new Map(imageIds.map((id, index) => [id, reasonsIn(answers[index]?.data ?? [])]));
}

export function reasonsIn(annotations: Annotation[]): string[] {
  const rejected = annotations.filter((annotation) => annotation.state === "rejected");
  return [...new Set(rejected.map((annotation) => annotation.review?.reason ?? "").filter(Boolean))];
}
