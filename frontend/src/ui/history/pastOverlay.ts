import type { Snapshot } from "../../editor/snapshot";
import type { Annotation } from "../../model/annotation";
import { NO_OVERLAY, type Overlay, type Shape } from "../../render/scene";
import { changedShapes } from "../compare/shapes";

/** The edge of what was: like nothing that is. */
const PAST = "#ffffff";

const known = new WeakMap<Annotation, { now: Annotation | null; overlay: Overlay }>();

/** The earlier version that is looked at, over the present one; worked out once. */
export function pastOverlay({ past, history: { present } }: Pick<Snapshot, "past" | "history">): Overlay {
  if (!past || past.kind === "tag") return NO_OVERLAY;
  const now = present.annotations.get(past.id) ?? null;
  const before = known.get(past);
  if (before?.now === now) return before.overlay;
  const overlay = { ...NO_OVERLAY, shapes: [...changedShapes(now, past, present), edgeOf(past)] };
  known.set(past, { now, overlay });
  return overlay;
}

const edgeOf = (annotation: Annotation): Shape => ({
  annotation,
  colour: PAST,
  emphasis: "hovered",
  outlineOnly: true,
  dashed: true,
});
