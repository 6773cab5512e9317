/** Pixels of the longer side: as large as photographs are shown when they are opened, on most screens. */
const SIDE = 2048;

const looks = new WeakMap<HTMLImageElement, ImageBitmap>();

/**
 * Makes a small copy of a photograph that is drawn at once: browsers forget what they decoded, and decode again. It is
 * made of the file and not of the element, which would be decoded while everything else waits. Whether there is one now.
 */
export async function prepareQuickLook(photo: HTMLImageElement): Promise<boolean> {
  if (looks.has(photo)) return true;
  const { naturalWidth, naturalHeight } = photo;
  const ratio = SIDE / Math.max(naturalWidth, naturalHeight);
  if (ratio >= 1) return false;
  const file = await fetch(photo.src, { credentials: "same-origin" });
  const resizeWidth = Math.round(naturalWidth * ratio);
  looks.set(photo, await createImageBitmap(await file.blob(), { resizeWidth, resizeQuality: "medium" }));
  return true;
}

/** The small copy of a photograph, where it shows all that is seen at this scale (device pixels an image pixel). */
export function quickLook(photo: CanvasImageSource, scale: number): ImageBitmap | undefined {
  if (!(photo instanceof HTMLImageElement)) return undefined;
  const look = looks.get(photo);
  return look && look.width >= photo.naturalWidth * scale ? look : undefined;
}
