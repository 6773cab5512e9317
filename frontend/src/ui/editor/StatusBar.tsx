import type { Editor } from "../../editor/Editor";
import type { Snapshot } from "../../editor/snapshot";
import { inside } from "../../geometry/vector";
import { type SegmentState, shown } from "../../tools/segmentState";
import styles from "./editor.module.css";
import { hintFor } from "./hints";
import { useEditor } from "./useEditor";
import { modelName, score } from "./words";

export type EmbeddingState = "queued" | "running" | "ready" | "failed";

const EMBEDDING: Record<EmbeddingState, { word: string; tone: string }> = {
  queued: { word: "waiting to be prepared", tone: "warn" },
  running: { word: "being prepared", tone: "warn" },
  ready: { word: "embedding ready", tone: "ok" },
  failed: { word: "preparing failed", tone: "bad" },
};

const pointerText = ({ pointer, history }: Snapshot): string =>
  pointer && inside(pointer, history.present)
    ? `x ${Math.floor(pointer.x)}  y ${Math.floor(pointer.y)}`
    : "x –  y –";

export function StatusBar({ editor, embedding }: { editor: Editor; embedding: EmbeddingState }) {
  const at = useEditor(editor, pointerText);
  const zoom = useEditor(editor, ({ viewport }) => Math.round(viewport.scale * 100));
  const last = useEditor(editor, (snapshot) => snapshot.lastPredict);
  const hint = useEditor(editor, hintFor);
  const { word, tone } = EMBEDDING[embedding];
  return (
    <footer className={styles.status}>
      <span className={styles.coordinates}>{at}</span>
      <span className={styles.zoom}>{zoom} %</span>
      <span data-tone={tone}>● {word}</span>
      {last && (
        <span>
          {modelName(last.model)} · {last.milliseconds} ms
        </span>
      )}
      <OnlyCandidate editor={editor} />
      <span className={styles.hint}>{hint}</span>
    </footer>
  );
}

/** Describes a single candidate, for which no tray opens. */
function OnlyCandidate({ editor }: { editor: Editor }) {
  const text = useEditor(editor, ({ segment }) => onlyCandidateText(segment));
  const pending = useEditor(editor, ({ segment }) => segment.waiting);
  return (
    text && (
      <span data-testid="candidate" data-pending={pending || undefined}>
        {text}
      </span>
    )
  );
}

function onlyCandidateText(segment: SegmentState): string {
  const prediction = shown(segment)?.prediction;
  const [only, ...others] = prediction?.candidates ?? [];
  if (!only || others.length > 0) return "";
  const detail = prediction?.region ? " · detail" : segment.detail ? " · detail…" : "";
  return `score ${score(only.score)}${detail}`;
}
