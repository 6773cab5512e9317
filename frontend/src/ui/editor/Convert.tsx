import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import type { Editor } from "../../editor/Editor";
import { type Conversion, draftOf } from "../../model/conversion";
import styles from "./editor.module.css";
import { useEditor } from "./useEditor";
import { isByPointer } from "./usePointerFocus";

interface ConvertProps {
  editor: Editor;
  canvas: RefObject<HTMLElement | null>;
}

/** A mask on its way to a polygon: how exact, and what that costs in points. */
export function Convert({ editor, canvas }: ConvertProps) {
  const converting = useEditor(editor, (snapshot) => snapshot.converting);
  return converting && <Panel editor={editor} converting={converting} canvas={canvas} />;
}

const MOST = 10;

function Panel({ editor, converting, canvas }: ConvertProps & { converting: Conversion }) {
  const slider = useRef<HTMLInputElement>(null);
  const image = useEditor(editor, (snapshot) => snapshot.history.present);
  const draft = draftOf(converting, image);
  useEffect(() => {
    const back = canvas.current;
    if (!isByPointer(slider.current)) slider.current?.focus({ preventScroll: true });
    return () => back?.focus({ preventScroll: true });
  }, [canvas]);
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === "Enter") editor.keepConversion();
    if (key === "Escape") editor.cancel();
  };
  return (
    <section className={styles.convert} aria-label="Make a polygon">
      <label>
        <span>Tolerance {converting.tolerance.toFixed(2)} px</span>
        <input
          ref={slider}
          type="range"
          min={0}
          max={MOST}
          step={0.25}
          value={converting.tolerance}
          onChange={(event) => editor.setTolerance(Number(event.currentTarget.value))}
          onKeyDown={onKeyDown}
        />
      </label>
      <output>
        {draft ? (
          <>
            <b>{draft.points}</b> points · IoU <b>{draft.iou.toFixed(3)}</b>
          </>
        ) : (
          "Nothing would be left of it."
        )}
      </output>
      <button type="button" className={styles.button} onClick={() => editor.cancel()}>
        Cancel <kbd>Esc</kbd>
      </button>
      <button
        type="button"
        className={styles.primary}
        aria-disabled={!draft}
        onClick={() => draft && editor.keepConversion()}
      >
        Make a polygon <kbd>⏎</kbd>
      </button>
    </section>
  );
}
