import { type ReactNode, type RefObject, useEffect } from "react";
import type { Editor } from "../../editor/Editor";
import { attachPointer } from "../../editor/pointer";
import type { Vector } from "../../geometry/vector";
import { toScreen } from "../../geometry/viewport";
import { Renderer } from "../../render/Renderer";
import { type Photo, TiledPhoto } from "../../render/TiledPhoto";
import type { Step } from "../../tools/segmentState";
import { Lit } from "../checks/EditorChecks";
import styles from "./editor.module.css";
import { sceneMaker } from "./scene";
import { Tray } from "./Tray";
import { useEditor } from "./useEditor";

interface StageProps {
  editor: Editor;
  photo: Photo | null;
  canvas: RefObject<HTMLDivElement | null>;
  label?: string;
  /** How snapshots become pictures; given by pages that are about one object. */
  makeScene?: typeof sceneMaker;
  /** What lies over the image, as pins do. */
  children?: ReactNode;
}

const LABEL = "Image. Click an object to segment it; press the question mark for all keys.";

/** The canvas and what floats over it. Shapes are drawn by the renderer, past React. */
export function Stage({
  editor,
  photo,
  canvas,
  label = LABEL,
  makeScene = sceneMaker,
  children,
}: StageProps) {
  useDrawing({ editor, photo, canvas, makeScene });
  const tool = useEditor(editor, (snapshot) => snapshot.tool);
  const hovers = useEditor(editor, ({ select }) => select.hovered !== null);
  return (
    <div className={styles.stage}>
      <div
        ref={canvas}
        className={styles.canvas}
        data-tool={tool}
        data-hovers={hovers || undefined}
        role="application"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas takes keys, so it can have the focus
        tabIndex={0}
      />
      {!photo && <div className={styles.loadingPhoto} role="status" aria-label="Loading the photograph" />}
      {children}
      <Lit editor={editor} />
      <Tray editor={editor} photo={photo} />
      <Spinners editor={editor} />
      <Sentence editor={editor} />
    </div>
  );
}

function useDrawing({ editor, photo, canvas, makeScene }: Required<Omit<StageProps, "label" | "children">>) {
  useEffect(() => {
    const host = canvas.current;
    if (!host) return;
    const renderer = new Renderer(host);
    const sceneOf = makeScene(photo);
    const tiled = photo instanceof TiledPhoto ? photo : null;
    const draw = () => renderer.show({ ...sceneOf(editor.getSnapshot()), photoVersion: tiled?.version ?? 0 });
    const resize = () => editor.resize({ width: host.clientWidth, height: host.clientHeight });
    const resized = new ResizeObserver(resize);
    const unsubscribe = editor.subscribe(draw);
    const leave = tiled?.subscribe(draw);
    const detach = attachPointer(host, editor);
    resized.observe(host);
    // It is laid out by now: a frame is not lost with waiting to be told so.
    resize();
    draw();
    return () => {
      unsubscribe();
      leave?.();
      detach();
      resized.disconnect();
      renderer.destroy();
    };
  }, [editor, photo, canvas, makeScene]);
}

/** Beside the points that the model thinks about: those of the prompt, and of the ones that Enter has ended. */
function Spinners({ editor }: { editor: Editor }) {
  const { trail, waiting, keeping } = useEditor(editor, (snapshot) => snapshot.segment);
  const viewport = useEditor(editor, (snapshot) => snapshot.viewport);
  const asked = [...keeping.map((kept) => kept.trail), ...(waiting ? [trail] : [])];
  const places = asked.flatMap((steps) => placeOf(steps.at(-1)) ?? []);
  return places.map((place) => {
    const { x, y } = toScreen(viewport, place);
    const style = { left: x + 12, top: y - 22 };
    return <span key={`${place.x} ${place.y}`} className={styles.spinner} style={style} aria-hidden="true" />;
  });
}

const placeOf = (step: Step | undefined): Vector | null =>
  step?.points.at(-1) ?? (step?.box ? { x: step.box[2], y: step.box[3] } : null);

/** What went wrong, or what to do first. */
function Sentence({ editor }: { editor: Editor }) {
  const sentence = useEditor(editor, ({ notice, segment }) => notice ?? segment.problem ?? segment.lost);
  return (
    <div className={styles.sentence} role="status" data-shown={sentence !== null || undefined}>
      {sentence}
    </div>
  );
}
