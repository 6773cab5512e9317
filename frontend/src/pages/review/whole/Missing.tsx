import { useEffect, useRef } from "react";
import type { Editor } from "../../../editor/Editor";
import { attachWheel } from "../../../editor/pointer";
import { inside, type Vector } from "../../../geometry/vector";
import { toScreen } from "../../../geometry/viewport";
import { Composer } from "../../../ui/comments/Composer";
import { type Drafts, written } from "../../../ui/comments/drafts";
import { useEditor } from "../../../ui/editor/useEditor";
import styles from "./whole.module.css";

interface MissingProps {
  editor: Editor;
  /** Where the pin is; null as long as a place is asked for. */
  at: Vector | null;
  onPlace: (at: Vector) => void;
  onSend: (text: string) => Promise<void>;
  onCancel: () => void;
  drafts: Drafts;
}

/** A click says where an object is missing, then words say what it is. */
export function Missing({ editor, at, onPlace, onSend, onCancel, drafts }: MissingProps) {
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => (layer.current ? attachWheel(layer.current, editor) : undefined), [editor]);
  const viewport = useEditor(editor, (snapshot) => snapshot.viewport);
  const crosshair = useEditor(editor, (snapshot) => snapshot.crosshair);
  const pin = at ?? crosshair;
  const place = (event: React.MouseEvent) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const { at } = editor.pointerAt({ x: event.clientX - left, y: event.clientY - top });
    if (inside(at, editor.image)) onPlace(at);
  };
  const where = pin && toScreen(viewport, pin);
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: arrows and Enter do the same, wherever the focus is */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as it says */}
      <div ref={layer} className={styles.placing} onClick={place} data-placed={at !== null || undefined}>
        {where && (
          <span
            className={styles.pin}
            style={{ transform: `translate(${where.x}px, ${where.y}px)` }}
            aria-hidden="true"
          >
            ?
          </span>
        )}
      </div>
      <section className={styles.composer} aria-label="A missing object">
        {at ? (
          <Composer
            label="What is missing here?"
            verb="Send back"
            text="An object is missing here"
            draft={written(drafts, "missing")}
            focused
            onSend={onSend}
            onCancel={onCancel}
          />
        ) : (
          <p role="status">
            Click where an object is missing, or go there with the arrows and press Enter. <kbd>Esc</kbd>{" "}
            cancels.
          </p>
        )}
      </section>
    </>
  );
}
