import { type ReactNode, useId } from "react";
import type { Editor } from "../../editor/Editor";
import type { Snapshot } from "../../editor/snapshot";
import { type Level, type Proposals, sureness } from "../../model/proposal";
import { countByLevel } from "../../tools/proposals";
import styles from "./proposals.module.css";
import { useEditor } from "./useEditor";
import { score } from "./words";

interface ProposalsBarProps {
  editor: Editor;
  /** What can be done about proposals that failed or are off: a button or a link. */
  action?: ReactNode;
}

const SENTENCES = {
  off: "This project has no proposals. A manager turns them on in the project's settings.",
  loading: "Loading the proposals…",
  queued: "The proposals of this image come next. They appear here by themselves.",
  running: "The proposals of this image are being made. They appear here by themselves.",
};

/** Which proposals are shown while people accept them; or why there are none. */
export function ProposalsBar({ editor, action }: ProposalsBarProps) {
  const proposals = useEditor(editor, (snapshot) => snapshot.proposals);
  if (!proposals) return null;
  if (proposals.kind === "ready" && proposals.all.length > 0)
    return <Filters editor={editor} all={proposals.all} />;
  return (
    <section className={styles.bar} aria-label="Proposals">
      <span className={styles.sentence} role="status">
        {sentenceFor(proposals)}
      </span>
      {action}
    </section>
  );
}

function sentenceFor(proposals: Proposals): string {
  if (proposals.kind === "failed") return `The proposals could not be made: ${proposals.reason}`;
  if (proposals.kind !== "ready") return SENTENCES[proposals.kind];
  return "The model found nothing to propose in this image. Press S and click on an object.";
}

const LEVELS = ["Whole", "Part", "Subpart"] as const;

function Filters({ editor, all }: { editor: Editor; all: Extract<Proposals, { kind: "ready" }>["all"] }) {
  const filter = useEditor(editor, ({ proposing }) => proposing.filter);
  const counts = useEditor(editor, countsText).split(" ");
  const { width, height } = editor.image;
  const largest = Math.round(Math.min(width, height) / 4);
  const lowest = Math.floor(Math.min(...all.map(sureness)) * 20) / 20;
  return (
    <section className={styles.bar} aria-label="Proposals">
      <div className={styles.levels} role="toolbar" aria-label="Level">
        {LEVELS.map((name, level) => (
          <button
            key={name}
            type="button"
            className={styles.level}
            aria-pressed={filter.level === level}
            onClick={() => editor.send({ type: "filter", filter: { level: level as Level } })}
          >
            {name} <span>{counts[level]}</span>
          </button>
        ))}
      </div>
      <Slider
        label="Smallest"
        value={Math.round(Math.sqrt(filter.minimumArea))}
        range={[0, largest, 1]}
        words={(side) => (side > 0 ? `${side} px` : "any")}
        onChange={(side) => editor.send({ type: "filter", filter: { minimumArea: side * side } })}
      />
      <Slider
        label="Surest from"
        value={Math.max(filter.minimumScore, lowest)}
        range={[lowest, 1, 0.01]}
        words={score}
        onChange={(minimumScore) => editor.send({ type: "filter", filter: { minimumScore } })}
      />
    </section>
  );
}

/** Joined, since a new array each time would look like news. */
const countsText = ({ proposing, proposals, history }: Snapshot): string =>
  countByLevel(proposing.filter, { proposals, image: history.present }).join(" ");

interface SliderProps {
  label: string;
  value: number;
  /** Lowest, highest, step. */
  range: readonly [number, number, number];
  words: (value: number) => string;
  onChange: (value: number) => void;
}

function Slider({ label, value, range: [min, max, step], words, onChange }: SliderProps) {
  const id = useId();
  return (
    <span className={styles.slider}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        {...{ min, max, step, value }}
        aria-valuetext={words(value)}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output htmlFor={id}>{words(value)}</output>
    </span>
  );
}
