import { prepareQuickLook } from "../../render/quickLook";
import type { ImageInfo } from "../../server/types";

/** The image that is open, the next one and the one before: decoded photographs are large. */
const KEPT = 3;
/** Pixels beyond which a photograph takes so much memory that it is decoded only when it is shown. */
const LARGE = 50e6;

interface Loading {
  readonly photo: Promise<HTMLImageElement>;
  /** The photograph once it can be drawn at once. */
  readonly ready: () => HTMLImageElement | null;
}

const photos = new Map<string, Loading>();

/** The one file to be decoded for an image: the photograph, or a small picture of it where it is shown by tiles. */
export const photoUrl = ({ tiles, file_url, thumbnail_url }: ImageInfo): string =>
  isTiled(tiles) ? thumbnail_url : file_url;

export const isTiled = (tiles: ImageInfo["tiles"] | undefined): boolean =>
  tiles !== undefined && tiles.state !== "none";

/** The photograph at an address if it is ready, so that it can be shown without a frame in between. */
export const photoAtHand = (url: string): HTMLImageElement | null => photos.get(url)?.ready() ?? null;

/** The photograph at an address, ready to be drawn; kept for as long as no others are asked for more lately. */
export function loadPhoto(url: string): Promise<HTMLImageElement> {
  const loading = photos.get(url) ?? startLoading(url);
  photos.delete(url);
  photos.set(url, loading);
  for (const old of [...photos.keys()].slice(0, -KEPT)) photos.delete(old);
  loading.photo.catch(() => photos.delete(url));
  return loading.photo;
}

/** Loads the photograph of an image that is likely to be shown next, unless it is too large for that. */
export async function loadPhotoAhead(image: ImageInfo): Promise<void> {
  if (isTiled(image.tiles) || image.width * image.height <= LARGE) await loadPhoto(photoUrl(image));
}

function startLoading(url: string): Loading {
  const element = new Image();
  let ready: HTMLImageElement | null = null;
  const photo = loaded(element, url).then(async () => {
    // What is small, or cannot be prepared, is drawn as it is.
    if (!(await prepareQuickLook(element).catch(() => false))) await element.decode();
    ready = element;
    return element;
  });
  return { photo, ready: () => ready };
}

const loaded = (element: HTMLImageElement, url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    element.onload = () => resolve();
    element.onerror = () => reject(new Error("The photograph could not be loaded."));
    element.src = url;
  });
