import { grow, intersection, union } from "../geometry/box";
import type { Size, Vector } from "../geometry/vector";
import {
  fitImage,
  minScale,
  pan,
  showAmong,
  showBox,
  toScreen,
  type Viewport,
  zoomAt,
} from "../geometry/viewport";
import { type Annotation, boundsOf } from "../model/annotation";
import type { Snapshot } from "./snapshot";

/** How the image is seen; each function answers what of the snapshot becomes different. */
export type View = Partial<Pick<Snapshot, "screen" | "viewport" | "fitted">>;

export const resized = (snapshot: Snapshot, screen: Size): View => ({
  screen,
  viewport: snapshot.fitted ? fitting({ ...snapshot, screen }) : snapshot.viewport,
});

export const fitted = (snapshot: Snapshot): View => ({ viewport: fitting(snapshot), fitted: true });

export function zoomed(
  { viewport, screen, history: { present } }: Snapshot,
  at: Vector,
  factor: number,
): View {
  const zoomed = zoomAt(viewport, at, factor, minScale(present, screen));
  return { viewport: pan(zoomed, { x: 0, y: 0 }, present, screen), fitted: false };
}

export const panned = ({ viewport, screen, history }: Snapshot, by: Vector): View => ({
  viewport: pan(viewport, by, history.present, screen),
  fitted: false,
});

export function zoomedTo(snapshot: Snapshot, id: string): View {
  const viewport = around(snapshot, id);
  return viewport ? { viewport, fitted: false } : {};
}

export const middleOf = ({ screen }: Snapshot): Vector => ({ x: screen.width / 2, y: screen.height / 2 });

export const zoomedCentred = (snapshot: Snapshot, factor: number): View =>
  zoomed(snapshot, middleOf(snapshot), factor);

/** One image pixel as one pixel of the screen, around what is in the middle. */
export const actualSize = (snapshot: Snapshot): View => zoomedCentred(snapshot, 1 / snapshot.viewport.scale);

/** A place of the image in the middle. */
export function centred(snapshot: Snapshot, at: Vector): View {
  const { x, y } = toScreen(snapshot.viewport, at);
  const middle = middleOf(snapshot);
  return panned(snapshot, { x: middle.x - x, y: middle.y - y });
}

/** Turns to another object: it fits, unless people have zoomed themselves, who keep their scale and get it centred. */
export function turned(snapshot: Snapshot, id: string): View & Pick<Snapshot, "about"> {
  const towards = { ...snapshot, about: id };
  if (snapshot.fitted) return { about: id, viewport: fitting(towards) };
  const annotation = snapshot.history.present.annotations.get(id);
  const box = annotation && boundsOf(annotation);
  return { about: id, ...(box && centred(towards, { x: box.x + box.w / 2, y: box.y + box.h / 2 })) };
}

/** Looks at an earlier version, which is shown whole as well where all of the present one is. */
export function lookedBack(snapshot: Snapshot, past: Annotation | null): View & Pick<Snapshot, "past"> {
  return { past, ...(snapshot.fitted && { viewport: fitting({ ...snapshot, past }) }) };
}

const fitting = (snapshot: Snapshot): Viewport =>
  (snapshot.about && among(snapshot, snapshot.about)) || fitImage(snapshot.history.present, snapshot.screen);

/** Shows one object large, with 40% of its size around it, to be worked on. */
function around({ history: { present }, screen }: Snapshot, id: string): Viewport | null {
  const annotation = present.annotations.get(id);
  const box = annotation && boundsOf(annotation);
  if (!box) return null;
  const near = grow(box, 0.4 * Math.max(box.w, box.h));
  return showBox(intersection(near, { x: 0, y: 0, w: present.width, h: present.height }), screen);
}

/** The share of each side of the view that an object may fill that is to be judged: the rest tells what it is. */
const MAX_JUDGED_SHARE = 0.5;
/** CSS pixels for each pixel of the image, beyond which a small object shows no more than a few colored squares. */
const MAX_JUDGED_SCALE = 8;

/** Shows one object, and an earlier version that is looked at, among their surroundings. */
function among({ history: { present }, past, screen }: Snapshot, id: string): Viewport | null {
  const annotation = present.annotations.get(id);
  const box = annotation && boundsOf(annotation);
  const was = past?.id === id ? boundsOf(past) : null;
  const limits = { share: MAX_JUDGED_SHARE, scale: MAX_JUDGED_SCALE };
  return box ? showAmong(was ? union(box, was) : box, present, screen, limits) : null;
}
