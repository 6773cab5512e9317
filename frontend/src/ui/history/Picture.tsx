import { useEffect, useRef } from "react";
import type { Box } from "../../geometry/box";
import type { Mask } from "../../geometry/mask";
import { bitmapOf } from "../../render/maskBitmap";
import { drawThumbnail, placeIn } from "../../render/thumbnail";
import type { Difference } from "./difference";
import styles from "./history.module.css";

interface SmallProps {
  photo: HTMLImageElement | null;
  mask: Mask;
  region: Box;
}

/** A version in the timeline: the object cut out of the photograph. */
export function Small({ photo, mask, region }: SmallProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) drawThumbnail(canvas.current, photo, mask, region);
  }, [photo, mask, region]);
  return <canvas ref={canvas} className={styles.small} width={128} height={96} />;
}

interface LargeProps {
  photo: HTMLImageElement | null;
  parts: Difference;
  region: Box;
}

const COLOURS = { kept: "#4dabf7", added: "#51cf66", removed: "#ff6b6b" } as const;

/** A version over the photograph, beside what the object is now: pixels that would come and go. */
export function Large({ photo, parts, region }: LargeProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current && photo) draw(canvas.current, photo, parts, region);
  }, [photo, parts, region]);
  return (
    <canvas
      ref={canvas}
      className={styles.large}
      width={1040}
      height={720}
      role="img"
      aria-label="The version over the photograph"
    />
  );
}

function draw(canvas: HTMLCanvasElement, photo: HTMLImageElement, parts: Difference, region: Box): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const place = placeIn(region, canvas);
  const scale = place.w / region.w;
  const put = (source: CanvasImageSource, x: number, y: number, w: number, h: number) =>
    context.drawImage(
      source,
      place.x + (x - region.x) * scale,
      place.y + (y - region.y) * scale,
      w * scale,
      h * scale,
    );
  context.clearRect(0, 0, canvas.width, canvas.height);
  put(photo, 0, 0, photo.naturalWidth, photo.naturalHeight);
  context.imageSmoothingEnabled = false;
  context.globalAlpha = 0.55;
  for (const part of ["kept", "added", "removed"] as const) {
    const mask = parts[part];
    if (mask.w > 0 && mask.h > 0) put(bitmapOf(mask, COLOURS[part]), mask.x, mask.y, mask.w, mask.h);
  }
  context.globalAlpha = 1;
}
