import { useEffect, useState } from "react";
import { loadPhoto, photoAtHand } from "./photos";

export interface Photo {
  readonly element: HTMLImageElement | null;
  readonly failed: boolean;
}

/** The photograph, once it can be drawn. */
export function usePhoto(url: string): Photo {
  const [photo, setPhoto] = useState<Photo>(() => ({ element: photoAtHand(url), failed: false }));
  useEffect(() => {
    let left = false;
    loadPhoto(url).then(
      (element) => left || setPhoto((now) => (now.element === element ? now : { element, failed: false })),
      () => left || setPhoto({ element: null, failed: true }),
    );
    return () => {
      left = true;
    };
  }, [url]);
  return photo;
}
