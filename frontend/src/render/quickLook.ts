/** Pixels of the longer side: as large as photographs are shown when they are opened, on most screens. */
const SIDE = 2048;

const looks = new WeakMap<HTMLImageElement, ImageBitmap>();

/** Makes a small copy of a photograph that is drawn at once: browsers forget what they decoded, and decode again. */
export async function prepareQuickLook(photo: HTMLImageElement): Promise<void> {
  const { naturalWidth, naturalHeight } = photo;
  const ratio = SIDE / Math.max(naturalWidth, naturalHeight);
  if (ratio >= 1 || looks.has(photo)) return;
  const resizeWidth = Math.round(naturalWidth * ratio);
  looks.set(photo, await createImageBitmap(photo, { resizeWidth, resizeQuality: "medium" }));
}

/** The small copy of a photograph, where it shows all that is seen at this scale (device pixels an image pixel). */
export function quickLook(photo: CanvasImageSource, scale: number): ImageBitmap | undefined {
  if (!(photo instanceof HTMLImageElement)) return undefined;
  const look = looks.get(photo);
  return look && look.width >= photo.naturalWidth * scale ? look : undefined;
}
