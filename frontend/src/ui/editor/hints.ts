import type { Snapshot } from "../../editor/snapshot";
import { isWorking, workedOn } from "../../editor/toolbox";

/** What the hands can do now, for the status bar. */
export function hintFor(snapshot: Snapshot): string {
  if (snapshot.readOnly) return "wheel zooms · space or middle button drags the image";
  switch (snapshot.tool) {
    case "select":
      return "click selects · click again for what lies below · 1–9 changes the class";
    case "segment":
      return segmentHint(snapshot);
    case "brush":
    case "eraser":
      return brushHint(snapshot);
  }
}

function segmentHint(snapshot: Snapshot): string {
  if (isWorking(snapshot)) return "click adds · right click removes · Tab next · Enter keeps · Esc clears";
  if (workedOn(snapshot)) return "left click adds · right click removes · Esc lets go for a new object";
  return "left click adds · right click removes · drag a box";
}

function brushHint(snapshot: Snapshot): string {
  const size = `[ ] size ${snapshot.brush.diameter} px`;
  const verb = snapshot.tool === "brush" ? "drag paints · right drag erases" : "drag erases";
  const end = workedOn(snapshot) ? " · Enter finishes the mask" : "";
  return `${verb} · Shift a straight line · ${size}${end}`;
}
