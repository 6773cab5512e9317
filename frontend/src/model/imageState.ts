import type { Annotation } from "./annotation";

/** The state of an image, as the interface names it. */
export type ImageState = "new" | "in work" | "submitted" | "in review" | "returned" | "done" | "skipped";

interface Assigned {
  readonly state: "open" | "submitted" | "returned" | "done" | "skipped";
}

/**
 * The state of an image. `cameBack`: a reviewer sent something of it back. Without that, one that is to be submitted
 * again is in work: somebody went on with what was submitted.
 */
export function imageStateOf(
  assignment: Assigned | null,
  annotations: Iterable<Pick<Annotation, "state">>,
  cameBack: boolean,
): ImageState {
  const states = new Set([...annotations].map(({ state }) => state));
  const begun = states.size > 0 ? "in work" : "new";
  switch (assignment?.state) {
    case undefined:
    case "open":
      return begun;
    case "returned":
      return cameBack ? "returned" : "in work";
    case "submitted":
      // The server may not have heard yet of the latest objects.
      if (states.has("draft")) return "in work";
      return states.has("accepted") || states.has("rejected") ? "in review" : "submitted";
    case "done":
      return states.has("draft") ? "in work" : "done";
    case "skipped":
      return "skipped";
  }
}
