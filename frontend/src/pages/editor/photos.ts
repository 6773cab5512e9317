/** The image that is open, the next one and the one before: decoded photographs are large. */
const KEPT = 3;

const photos = new Map<string, Promise<HTMLImageElement>>();

/** The photograph at an address, decoded; kept for as long as no others are asked for more lately. */
export function loadPhoto(url: string): Promise<HTMLImageElement> {
  const photo = photos.get(url) ?? decoded(url);
  photos.delete(url);
  photos.set(url, photo);
  for (const old of [...photos.keys()].slice(0, -KEPT)) photos.delete(old);
  photo.catch(() => photos.delete(url));
  return photo;
}

async function decoded(url: string): Promise<HTMLImageElement> {
  const element = new Image();
  element.src = url;
  await element.decode();
  return element;
}
