import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { type Photo, TiledPhoto } from "../../render/TiledPhoto";
import { tilesQuery } from "../../server/images";
import type { ImageInfo } from "../../server/types";
import { isTiled, loadPhoto, photoAtHand, photoUrl } from "./photos";
import { tileSource } from "./tileSource";

export interface Loading {
  readonly element: Photo | null;
  readonly failed: boolean;
}

/** The photograph, once it can be drawn: whole, or where it is large a small picture of it with tiles over it. */
export function usePhoto(image: ImageInfo): Loading {
  const { element, failed } = useElement(photoUrl(image));
  const { id, width, height, tiles } = image;
  const tiled = isTiled(tiles);
  const layout = useQuery({ ...tilesQuery(id), enabled: tiled && tiles.state === "ready" }).data;
  const photo = useMemo(() => {
    if (!element || !tiled) return element;
    return new TiledPhoto(element, { width, height }, layout ? tileSource(layout) : null);
  }, [element, tiled, width, height, layout]);
  return { element: photo, failed };
}

function useElement(url: string): { element: HTMLImageElement | null; failed: boolean } {
  const [photo, setPhoto] = useState<{ element: HTMLImageElement | null; failed: boolean }>(() => ({
    element: photoAtHand(url),
    failed: false,
  }));
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
