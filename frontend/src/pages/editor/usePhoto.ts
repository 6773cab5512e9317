import { useEffect, useState } from "react";
import { loadPhoto } from "./photos";

export interface Photo {
  readonly element: HTMLImageElement | null;
  readonly failed: boolean;
}

/** The photograph, once it can be drawn. */
export function usePhoto(url: string): Photo {
  const [photo, setPhoto] = useState<Photo>({ element: null, failed: false });
  useEffect(() => {
    let left = false;
    loadPhoto(url).then(
      (element) => left || setPhoto({ element, failed: false }),
      () => left || setPhoto({ element: null, failed: true }),
    );
    return () => {
      left = true;
    };
  }, [url]);
  return photo;
}
