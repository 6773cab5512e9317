import { useEffect, useRef } from "react";
import { type Box, union } from "../../geometry/box";
import type { Mask } from "../../geometry/mask";
import type { Comparison } from "../../model/compare";
import { bitmapOf } from "../../render/maskBitmap";
import type { Scene } from "../../render/scene";
import { drawThumbnail, placeIn, regionAround } from "../../render/thumbnail";

/** The pixels that came and went, in colours that tell them apart also without red and green. */
export const ADDED = "#3ddc84";
export const REMOVED = "#ff5ca8";
export const COLOURS = { added: ADDED, removed: REMOVED };

export interface ComparisonCanvasProps {
  label: string;
  comparison: Comparison;
  photo: Scene["photo"];
  shown: "before" | "after" | "changes";
  colours?: typeof COLOURS;
  width: number;
  height: number;
}

/** One side of a comparison cut out of the photograph, or what changed painted over the newer one. */
export function ComparisonCanvas(props: ComparisonCanvasProps) {
  const { label, comparison, photo, shown, colours: { added, removed } = COLOURS, width, height } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, comparison, photo, shown, { added, removed });
  }, [comparison, photo, shown, added, removed]);
  return <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />;
}

/** The part of the image that shows both. */
export const regionOf = (before: Mask, after: Mask): Box =>
  regionAround(before.w === 0 ? after : after.w === 0 ? before : union(before, after));

function draw(
  canvas: HTMLCanvasElement,
  { before, after, added, removed }: Comparison,
  photo: Scene["photo"],
  shown: ComparisonCanvasProps["shown"],
  colours: typeof COLOURS,
): void {
  const region = regionOf(before, after);
  drawThumbnail(canvas, photo, shown === "before" ? before : after, region);
  if (shown !== "changes") return;
  const place = placeIn(region, canvas);
  const scale = place.w / region.w;
  const context = canvas.getContext("2d");
  const paint = (mask: Mask, colour: string) => {
    if (mask.w === 0) return;
    const [x, y] = [place.x + (mask.x - region.x) * scale, place.y + (mask.y - region.y) * scale];
    context?.drawImage(bitmapOf(mask, colour), x, y, mask.w * scale, mask.h * scale);
  };
  paint(added, colours.added);
  paint(removed, colours.removed);
}
