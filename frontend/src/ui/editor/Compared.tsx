import { type ReactNode, useEffect, useMemo, useRef } from "react";
import type { Editor } from "../../editor/Editor";
import type { Box } from "../../geometry/box";
import { boundsOfBoth, differences, shapeDifference, type Versions } from "../../model/comparison";
import { drawPreview } from "../../render/preview";
import type { Shape } from "../../render/scene";
import type { Photo } from "../../render/TiledPhoto";
import { regionAround } from "../../render/thumbnail";
import { counted } from "../bits/number";
import styles from "./conflicts.module.css";
import { useEditor } from "./useEditor";
import { changedShapes, shapeOf } from "./versions";

interface ComparedProps {
  editor: Editor;
  versions: Versions;
  photo: Photo | null;
}

/** Two versions of an object side by side, and what differs between them in numbers and words. */
export function Compared({ editor, versions, photo }: ComparedProps) {
  const { mine, theirs } = versions;
  const image = useEditor(editor, ({ history }) => history.present);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const shape = useMemo(() => shapeDifference({ id: "", mine, theirs }), [mine, theirs]);
  const bounds = boundsOfBoth(versions);
  const picture = (shapes: () => Shape[]) =>
    bounds && <Picture photo={photo} image={image} region={regionAround(bounds)} shapes={shapes} />;
  return (
    <>
      {bounds && (
        <div className={styles.pictures}>
          <Figure name="Mine" tone="mine" missing={!mine}>
            {picture(() => shapeOf("mine", mine, false))}
          </Figure>
          <Figure name="Theirs" tone="theirs" missing={!theirs}>
            {picture(() => shapeOf("theirs", theirs, false))}
          </Figure>
          {shape && <Figure name="What differs">{picture(() => changedShapes(versions, image))}</Figure>}
        </div>
      )}
      <dl className={styles.differences}>
        {shape && (
          <div>
            <dt>Shape</dt>
            <dd>
              {counted(shape.changed, "pixel")} differ · IoU {shape.iou.toFixed(3)}
            </dd>
          </div>
        )}
        {differences(versions, classes).map(({ what, mine, theirs }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              <span data-tone="mine">{mine}</span> · <span data-tone="theirs">{theirs}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

interface FigureProps {
  name: string;
  tone?: "mine" | "theirs";
  missing?: boolean;
  children: ReactNode;
}

const Figure = ({ name, tone, missing = false, children }: FigureProps) => (
  <figure>
    {missing ? <div className={styles.missing}>deleted</div> : children}
    <figcaption data-tone={tone}>{name}</figcaption>
  </figure>
);

const WIDTH = 152;
const HEIGHT = 112;

interface PictureProps {
  photo: Photo | null;
  image: { width: number; height: number };
  region: Box;
  shapes: () => Shape[];
}

function Picture({ photo, image, region, shapes }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) drawPreview(canvas.current, { photo, image, region, shapes: shapes() });
  });
  const ratio = window.devicePixelRatio;
  return <canvas ref={canvas} width={WIDTH * ratio} height={HEIGHT * ratio} />;
}
