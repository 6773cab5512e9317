import { Tooltip } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Editor } from "../../editor/Editor";
import {
  type Box,
  type Corners,
  fromCorners,
  fromXywh,
  intersection,
  overlaps,
  union,
} from "../../geometry/box";
import { boxToScreen, minimap, visibleBox } from "../../geometry/viewport";
import { maskOf } from "../../model/annotation";
import type { Candidate, Prediction } from "../../model/prediction";
import { drawAhead, OPACITY } from "../../render/candidate";
import type { Photo } from "../../render/TiledPhoto";
import { drawThumbnail, regionAround } from "../../render/thumbnail";
import { latest, type SegmentState, shown } from "../../tools/segmentState";
import styles from "./editor.module.css";
import { placeMinimap, placeTray } from "./place";
import { workColour } from "./scene";
import { useEditor } from "./useEditor";
import { score, scoreTone } from "./words";

interface TrayProps {
  editor: Editor;
  photo: Photo | null;
}

/** Milliseconds from one to the next, so that whoever goes on meanwhile does not wait for all of them. */
const APART = 60;

/** Draws all candidates aside before somebody asks for another one, which is then there at once. */
function useDrawnAhead(candidates: readonly Candidate[] | undefined, scale: number, colour: string) {
  useEffect(() => {
    const timers = candidates?.map(({ segmentation, bbox }, rank) =>
      setTimeout(
        () => drawAhead(segmentation, { box: fromXywh(bbox), colour, scale, opacity: OPACITY.ready }),
        APART * (rank + 1),
      ),
    );
    return () => timers?.forEach(clearTimeout);
  }, [candidates, scale, colour]);
}

/** The candidates of a prompt, beside the object, where there are several. While the next answer is awaited the last ones stay in place. */
export function Tray({ editor, photo }: TrayProps) {
  const segment = useEditor(editor, (snapshot) => snapshot.segment);
  const viewport = useEditor(editor, (snapshot) => snapshot.viewport);
  const screen = useEditor(editor, (snapshot) => snapshot.screen);
  const image = useEditor(editor, ({ history }) => history.present);
  const step = shown(segment);
  const colour = useEditor(editor, workColour);
  useDrawnAhead(step?.prediction?.candidates, viewport.scale, colour);
  const candidates = step?.prediction?.candidates ?? [];
  const chosen = step && candidates[step.chosen];
  if (!step || !chosen || candidates.length === 1) return null;
  const boxes = candidates.map(({ bbox }) => fromXywh(bbox));
  const all = boxes.reduce(union);
  const clearOf = [[all, ...promptBoxes(segment)].reduce(union), all, fromXywh(chosen.bbox)];
  const onScreen = clearOf.map((box) => boxToScreen(viewport, box));
  const map = minimap(viewport, screen, image);
  const taken = map && placeMinimap(map, screen);
  const { x, y, layout } = placeTray(onScreen, candidates.length, screen, taken);
  const region = pictured(step.prediction, all, visibleBox(viewport, screen, image));
  const pending = segment.waiting || step !== latest(segment);
  return (
    <div
      className={styles.tray}
      style={{ left: x, top: y }}
      data-layout={layout}
      data-pending={pending || undefined}
      role="listbox"
      aria-label="Candidates"
    >
      {candidates.map((candidate, rank) => (
        <Card
          key={candidate.logits || rank}
          candidate={candidate}
          photo={photo}
          region={region}
          chosen={rank === step.chosen}
          onChoose={() => editor.send({ type: "choose", rank })}
          onKeep={() => editor.send({ type: "commit" })}
        />
      ))}
      <Detail region={step.prediction?.region ?? null} awaited={segment.detail !== null} />
      <div className={styles.trayHints}>
        <span>
          <kbd>Tab</kbd> next
        </span>
        <span>
          <kbd>⏎</kbd> keep
        </span>
        <span>
          <kbd>Esc</kbd> clear
        </span>
      </div>
    </div>
  );
}

const regions = new WeakMap<Prediction, Box>();

/**
 * The part of the image in the candidates' pictures: around all of them, as far as it is seen when they come. It stays
 * while the view moves, so that they are drawn once.
 */
function pictured(prediction: Prediction | null, all: Box, seen: Box): Box {
  const around = regionAround(all);
  const known = prediction && regions.get(prediction);
  const region = known ?? (overlaps(around, seen) ? intersection(around, seen) : around);
  if (prediction) regions.set(prediction, region);
  return region;
}

/** Whether the model has looked closely at what is seen, or is about to. */
function Detail({ region, awaited }: { region: Corners | null; awaited: boolean }) {
  if (!region && !awaited) return null;
  return (
    <Tooltip
      label={region ? "Made from this part of the image alone" : "A closer look at this part is on its way"}
    >
      <span className={styles.detail} role="status">
        {region ? "detail" : "detail…"}
      </span>
    </Tooltip>
  );
}

/** Where people have pointed: worth keeping in sight, so that they can point again beside it. */
function promptBoxes(segment: SegmentState): Box[] {
  const step = latest(segment);
  const points = step?.points.map(({ x, y }) => ({ x, y, w: 1, h: 1 })) ?? [];
  return step?.box ? [...points, fromCorners(step.box)] : points;
}

interface CardProps {
  candidate: Candidate;
  photo: Photo | null;
  region: Box;
  chosen: boolean;
  onChoose: () => void;
  onKeep: () => void;
}

function Card({ candidate, photo, region, chosen, onChoose, onKeep }: CardProps) {
  return (
    <button
      type="button"
      role="option"
      aria-selected={chosen}
      aria-label={`Candidate, score ${score(candidate.score)}`}
      className={styles.card}
      // The canvas keeps the focus, so that Tab and Enter go on working after a click here.
      onPointerDown={(event) => event.preventDefault()}
      tabIndex={-1}
      onClick={onChoose}
      onDoubleClick={onKeep}
    >
      <Thumbnail candidate={candidate} photo={photo} region={region} />
      <span className={styles.cardLine}>
        <b data-tone={scoreTone(candidate.score)}>{score(candidate.score)}</b>
      </span>
    </button>
  );
}

const WIDTH = 96;
const HEIGHT = 60;

function Thumbnail({ candidate, photo, region }: Pick<CardProps, "candidate" | "photo" | "region">) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { x, y, w, h } = region;
  useEffect(() => {
    if (canvas.current) drawThumbnail(canvas.current, photo, maskOf(candidate.segmentation), { x, y, w, h });
  }, [candidate, photo, x, y, w, h]);
  const ratio = window.devicePixelRatio;
  return <canvas ref={canvas} className={styles.thumbnail} width={WIDTH * ratio} height={HEIGHT * ratio} />;
}
