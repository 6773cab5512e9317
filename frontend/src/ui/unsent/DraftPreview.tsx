import { useEffect, useRef, useState } from "react";
import type { Annotation } from "../../model/annotation";
import { drawPreview } from "../../render/preview";
import type { Shape } from "../../render/scene";
import type { Waiting } from "../../sync/waiting";
import styles from "./unsent.module.css";

const GONE = "#808080";

interface DraftPreviewProps {
  waiting: Waiting;
  width: number;
  height: number;
}

/** The edited shapes on the image's thumbnail; on an empty sheet where that cannot be seen any more. */
export function DraftPreview({ waiting, width, height }: DraftPreviewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const photo = useThumbnail(waiting.thumbnail);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas of another size is empty
  useEffect(() => {
    const region = { x: 0, y: 0, w: waiting.width, h: waiting.height };
    if (canvas.current)
      drawPreview(canvas.current, { photo, image: waiting, region, shapes: shapesOf(waiting) });
  }, [waiting, photo, width, height]);
  const ratio = window.devicePixelRatio;
  return (
    <canvas
      ref={canvas}
      className={styles.preview}
      role="img"
      aria-label={`The edits of ${waiting.name}`}
      width={Math.round(width * ratio)}
      height={Math.round(height * ratio)}
      style={{ width, height }}
    />
  );
}

function useThumbnail(url: string): HTMLImageElement | null {
  const [photo, setPhoto] = useState<HTMLImageElement | null>(null);
  useEffect(() => {
    let left = false;
    const image = new Image();
    image.src = url;
    image.decode().then(
      () => left || setPhoto(image),
      () => left || setPhoto(null),
    );
    return () => {
      left = true;
    };
  }, [url]);
  return photo;
}

/** What was drawn or changed in its colour, and dashed what was deleted. */
function shapesOf({ edits, classes }: Waiting): Shape[] {
  const before = new Map(edits.saved);
  const colourOf = ({ class_id }: Annotation) => classes.find(({ id }) => id === class_id)?.colour ?? GONE;
  return edits.now.flatMap(([id, now]): Shape[] => {
    const annotation = now ?? before.get(id);
    if (!annotation) return [];
    const deleted = now === null;
    const colour = deleted ? GONE : colourOf(annotation);
    return [{ annotation, colour, emphasis: "normal", outlineOnly: deleted, dashed: deleted }];
  });
}
