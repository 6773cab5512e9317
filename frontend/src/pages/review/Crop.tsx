import { useEffect, useRef, useState } from "react";
import { cropAround } from "../../geometry/crop";
import type { Size } from "../../geometry/vector";
import { boundsOf } from "../../model/annotation";
import { drawCrop } from "../../render/crop";
import { cropUrl } from "../../server/images";
import type { ReviewItem } from "../../server/types";
import styles from "./crop.module.css";

/** The server makes few at once: what found no place finds one a little later. */
const TRIES = 3;
const AGAIN_AFTER = 1_500;

interface CropProps extends Size {
  item: ReviewItem;
  colour: string;
  /** Filled, or only its outline. */
  filled: boolean;
  onDrawn?: ((id: string) => void) | undefined;
  onFailed?: ((id: string) => void) | undefined;
}

/** The part of a photograph around a mask, with the mask on it, in a place of this size in CSS pixels. */
export function Crop({ item, colour, filled, width, height, onDrawn, onFailed }: CropProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const url = cropUrlOf(item, width);
  const { element, failed } = usePicture(url);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas of another size is empty
  useEffect(() => {
    if (!canvas.current || !element) return;
    const region = regionOf(item);
    drawCrop(
      canvas.current,
      { picture: element, region, annotation: item, colour, filled },
      devicePixelRatio,
    );
    onDrawn?.(item.id);
  }, [element, item, colour, filled, width, height, onDrawn]);
  useEffect(() => {
    if (failed) onFailed?.(item.id);
  }, [failed, item.id, onFailed]);
  const ratio = window.devicePixelRatio;
  return (
    <span className={styles.crop} style={{ width, height }} data-loading={!element || undefined}>
      <canvas
        // A canvas that changes its size is empty: another one is drawn on anew.
        key={`${width}x${height}`}
        ref={canvas}
        width={Math.round(width * ratio)}
        height={Math.round(height * ratio)}
      />
      {failed && <span>No picture</span>}
    </span>
  );
}

const regionOf = (item: ReviewItem) => cropAround(boundsOf(item), item.image_detail);

export const cropUrlOf = (item: ReviewItem, width: number): string =>
  cropUrl(item.image, regionOf(item), width * window.devicePixelRatio);

interface Picture {
  readonly element: HTMLImageElement | null;
  readonly failed: boolean;
}

const NONE: Picture = { element: null, failed: false };

function usePicture(url: string): Picture {
  const [picture, setPicture] = useState(NONE);
  useEffect(() => {
    const left = new AbortController();
    setPicture(NONE);
    loadPicture(url, left.signal).then(
      (element) => left.signal.aborted || setPicture({ element, failed: false }),
      () => left.signal.aborted || setPicture({ element: null, failed: true }),
    );
    return () => left.abort();
  }, [url]);
  return picture;
}

async function loadPicture(url: string, signal: AbortSignal, tries = TRIES): Promise<HTMLImageElement> {
  const element = new Image();
  element.src = url;
  try {
    await element.decode();
    return element;
  } catch (error) {
    if (signal.aborted || tries <= 1) throw error;
    await new Promise((done) => setTimeout(done, AGAIN_AFTER));
    return loadPicture(url, signal, tries - 1);
  }
}

/** Has the browser fetch pictures one after the other, so that what is asked for now need not wait. */
export function useWarmPictures(urls: readonly string[]): void {
  const list = urls.join(" ");
  useEffect(() => {
    const left = new AbortController();
    void warm(list ? list.split(" ") : [], left.signal);
    return () => left.abort();
  }, [list]);
}

async function warm(urls: readonly string[], signal: AbortSignal): Promise<void> {
  for (const url of urls) {
    if (signal.aborted) return;
    await loadPicture(url, signal, 1).catch(() => undefined);
  }
}
