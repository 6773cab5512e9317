import { prepareQuickLook } from "../../render/quickLook";
import type { ImageInfo } from "../../server/types";

/** The image that is open, the next one and the one before: decoded photographs are large. */
const KEPT = 3;

interface Loading {
  readonly photo: Promise<HTMLImageElement>;
  /** The photograph once it is decoded. */
  readonly decoded: () => HTMLImageElement | null;
}

const photos = new Map<string, Loading>();

/** The one file to be decoded for an image: the photograph, or a small picture of it where it is shown by tiles. */
export const photoUrl = ({ tiles, file_url, thumbnail_url }: ImageInfo): string =>
  isTiled(tiles) ? thumbnail_url : file_url;

export const isTiled = (tiles: ImageInfo["tiles"] | undefined): boolean =>
  tiles !== undefined && tiles.state !== "none";

/** The photograph at an address if it is decoded already, so that it can be shown without a frame in between. */
export const photoAtHand = (url: string): HTMLImageElement | null => photos.get(url)?.decoded() ?? null;

/** The photograph at an address, decoded; kept for as long as no others are asked for more lately. */
export function loadPhoto(url: string): Promise<HTMLImageElement> {
  const loading = photos.get(url) ?? startLoading(url);
  photos.delete(url);
  photos.set(url, loading);
  for (const old of [...photos.keys()].slice(0, -KEPT)) photos.delete(old);
  loading.photo.catch(() => photos.delete(url));
  return loading.photo;
}

function startLoading(url: string): Loading {
  const element = new Image();
  element.src = url;
  let decoded: HTMLImageElement | null = null;
  const photo = element.decode().then(() => {
    decoded = element;
    // Only a matter of speed: what cannot be prepared is drawn as it is.
    void prepareQuickLook(element).catch(() => undefined);
    return element;
  });
  return { photo, decoded: () => decoded };
}
