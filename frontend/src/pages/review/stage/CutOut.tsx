import { useEffect, useRef } from "react";
import type { Editor } from "../../../editor/Editor";
import type { Snapshot } from "../../../editor/snapshot";
import type { Annotation } from "../../../model/annotation";
import { drawShape, toImageSpace } from "../../../render/draw";
import type { Shape } from "../../../render/scene";
import styles from "./stage.module.css";

/** How dark everything is that is not the object. */
const SHADE = "rgba(0, 0, 0, 0.8)";

interface CutOutProps {
  editor: Editor;
  id: string;
}

/** Darkens everything but the object, over the photograph. */
export function CutOut({ editor, id }: CutOutProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      frame = 0;
      if (ref.current) drawShade(ref.current, editor.getSnapshot(), id);
    };
    const soon = () => {
      frame ||= requestAnimationFrame(draw);
    };
    const unsubscribe = editor.subscribe(soon);
    soon();
    return () => {
      unsubscribe();
      cancelAnimationFrame(frame);
    };
  }, [editor, id]);
  return <canvas ref={ref} className={styles.shade} aria-hidden />;
}

function drawShade(canvas: HTMLCanvasElement, { screen, viewport, history }: Snapshot, id: string): void {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(screen.width * ratio);
  canvas.height = Math.round(screen.height * ratio);
  const context = canvas.getContext("2d");
  const annotation = history.present.annotations.get(id);
  if (!context || !annotation) return;
  context.fillStyle = SHADE;
  context.fillRect(0, 0, canvas.width, canvas.height);
  toImageSpace(context, viewport, ratio);
  context.globalCompositeOperation = "destination-out";
  cutOut(context, annotation, viewport.scale);
}

/** A box is cut out with its inside, of which drawing shapes leaves nothing but the edge. */
function cutOut(context: CanvasRenderingContext2D, annotation: Annotation, scale: number): void {
  if (annotation.kind === "box" && annotation.bbox) context.fillRect(...annotation.bbox);
  else drawShape(context, solid(annotation), scale, { opacity: 1, outlines: false });
}

const solid = (annotation: Annotation): Shape => ({
  annotation,
  colour: "#000000",
  emphasis: "normal",
  outlineOnly: false,
});
