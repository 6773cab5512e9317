import { type PointerEvent, useEffect, useRef } from "react";
import type { Editor } from "../../editor/Editor";
import type { Box } from "../../geometry/box";
import { boxToScreen, minimap, toImage } from "../../geometry/viewport";
import { boundsOf } from "../../model/annotation";
import { type Photo, smallOf } from "../../render/TiledPhoto";
import styles from "./panels.module.css";
import { placeMinimap } from "./place";
import { useEditor } from "./useEditor";

/** The share of the photograph that is enough to find a marked object without a map. */
const NEARLY_ALL = 0.9;

interface MinimapProps {
  editor: Editor;
  photo: Photo | null;
  /** An object that is marked on it. Then it also shows while most of the photograph is seen. */
  about?: string;
}

/** The whole photograph, small, with a frame around what is seen of it; only while that is a small part. */
export function Minimap({ editor, photo, about }: MinimapProps) {
  const viewport = useEditor(editor, (snapshot) => snapshot.viewport);
  const screen = useEditor(editor, (snapshot) => snapshot.screen);
  const image = useEditor(editor, (snapshot) => snapshot.history.present);
  const annotation = about === undefined ? undefined : image.annotations.get(about);
  const map = minimap(viewport, screen, image, about === undefined ? undefined : NEARLY_ALL);
  const small = smallOf(photo);
  if (!small || !map) return null;
  const place = placeMinimap(map, screen);
  const marked = annotation && boundsOf(annotation);
  const { x, y, w, h } = boxToScreen({ scale: map.scale, x: 0, y: 0 }, map.seen);
  const go = ({ currentTarget, clientX, clientY, buttons }: PointerEvent<HTMLElement>) => {
    if (buttons === 0) return;
    const { left, top } = currentTarget.getBoundingClientRect();
    editor.centre(toImage({ scale: map.scale, x: 0, y: 0 }, { x: clientX - left, y: clientY - top }));
  };
  return (
    <div
      className={styles.minimap}
      style={{ left: place.x, top: place.y, width: place.w, height: place.h }}
      role="img"
      aria-label={marked ? "Where in the image the object is" : "Where in the image you are"}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <Small photo={small} width={map.width} height={map.height} />
      <i style={{ left: x, top: y, width: w, height: h }} />
      {marked && <Mark box={boxToScreen({ scale: map.scale, x: 0, y: 0 }, marked)} />}
    </div>
  );
}

/** Pixels that even the smallest object gets on the map. */
const SMALLEST_MARK = 6;

function Mark({ box: { x, y, w, h } }: { box: Box }) {
  const [width, height] = [Math.max(w, SMALLEST_MARK), Math.max(h, SMALLEST_MARK)];
  return (
    <b
      style={{ left: x + (w - width) / 2, top: y + (h - height) / 2, width, height }}
      data-testid="object-mark"
    />
  );
}

interface SmallProps {
  photo: HTMLImageElement;
  width: number;
  height: number;
}

/** Scaled down once, not with every move: scaling large photographs takes long. */
function Small({ photo, width, height }: SmallProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) context.imageSmoothingQuality = "high";
    context?.drawImage(photo, 0, 0, width, height);
  }, [photo, width, height]);
  return <canvas ref={canvas} width={width} height={height} />;
}
