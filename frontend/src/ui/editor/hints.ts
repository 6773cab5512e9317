import type { Snapshot } from "../../editor/snapshot";
import { holdsPoint, isWorking, workedOn } from "../../editor/toolbox";
import { nameOf, theOnly } from "../../model/lookup";
import { extendable } from "../../tools/polygon";
import { refinable } from "../../tools/refinable";

/** What the hands can do now, for the status bar. */
export function hintFor(snapshot: Snapshot): string {
  if (snapshot.crosshair && !isWorking(snapshot))
    return "arrow keys move the crosshair, with Shift by ten · Space clicks · Shift Space takes away";
  if (snapshot.readOnly) return "wheel zooms · space or middle button drags the image";
  switch (snapshot.tool) {
    case "select":
      return selectHint(snapshot);
    case "segment":
      return segmentHint(snapshot);
    case "box":
      return "drag draws a box · T makes a mask of it with SAM · V moves and resizes it";
    case "comment":
      return snapshot.comment.draft
        ? "write it beside the image · Ctrl Enter sends · Esc takes the pin away"
        : "click a place or an object to comment on it · Enter: what is selected · Esc goes back";
    case "tag":
      return "1–9 tags the whole image, and takes the tag away again";
    case "polygon":
      return polygonHint(snapshot);
    case "proposals":
      return proposalsHint(snapshot);
    case "brush":
    case "eraser":
      return brushHint(snapshot);
  }
}

function polygonHint(snapshot: Snapshot): string {
  const { polygon, history, selected, locked } = snapshot;
  if (polygon.points.length > 0)
    return "click adds a point · Backspace takes one back · Enter, double click or the first point closes";
  return extendable({ image: history.present, selected, locked })
    ? "click begins another polygon · Shift click: a further part of this one · Alt click: a hole in it"
    : "click the corners of the object · V changes points of a polygon";
}

function segmentHint(snapshot: Snapshot): string {
  if (holdsPoint(snapshot))
    return "drag moves the point · Del or right click takes it away · the model is asked anew";
  if (isWorking(snapshot))
    return "click adds · right click removes · drag a point moves it · Tab next · Enter keeps · Esc clears";
  const selected = refinable({ ...snapshot, image: snapshot.history.present });
  if (!selected) return "click or drag a box: a new object · right click removes";
  const name = nameOf(snapshot.history.present, snapshot.classes, selected.id);
  return workedOn(snapshot)
    ? `click refines ${name} · right click removes from it · Esc leaves it`
    : `click begins a new object · Shift click adds to ${name} · right click removes from it`;
}

function proposalsHint({ proposing: { lit }, proposals }: Snapshot): string {
  if (proposals?.kind !== "ready") return "proposals are masks that the model found by itself";
  if (lit) return "click or Enter accepts · Tab next · 1–9 chooses the class · Esc lets go";
  return "click accepts · drag accepts what is in the frame · Shift drag paints over several · , . whole or parts";
}

function brushHint(snapshot: Snapshot): string {
  const size = `[ ] size ${snapshot.brush.diameter} px · Q ${snapshot.brush.tip}`;
  const verb = snapshot.tool === "brush" ? "drag paints · right drag erases" : "drag erases";
  const end = workedOn(snapshot) ? " · Enter finishes the mask" : "";
  return `${verb} · Shift a straight line · ${size}${end}`;
}

const SELECT_HINTS = {
  mask: "drag or arrow keys move · S and a click refines · B paints · click again for what lies below",
  box: "drag moves · handles resize · T makes a mask of it with SAM · 1–9 changes the class",
  polygon:
    "drag a point or an edge · Alt click or Del deletes a point · S and a click refines · Y makes a mask",
  tag: "",
};

function selectHint({ selected, history }: Snapshot): string {
  const only = theOnly(history.present, selected);
  if (only) return SELECT_HINTS[only.kind];
  if (selected.length > 1) return `${selected.length} selected · Shift click adds · 1–9 changes the class`;
  return "click selects · click again for what lies below · drag or Shift click selects several";
}
