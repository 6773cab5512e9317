import { useEffect, useState } from "react";

export interface Photo {
  readonly element: HTMLImageElement | null;
  readonly failed: boolean;
}

/** The photograph, once it can be drawn. */
export function usePhoto(url: string): Photo {
  const [photo, setPhoto] = useState<Photo>({ element: null, failed: false });
  useEffect(() => {
    let left = false;
    const element = new Image();
    element.src = url;
    element.decode().then(
      () => left || setPhoto({ element, failed: false }),
      () => left || setPhoto({ element: null, failed: true }),
    );
    return () => {
      left = true;
    };
  }, [url]);
  return photo;
}
