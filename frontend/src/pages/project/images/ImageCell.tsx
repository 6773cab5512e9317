import { Checkbox } from "@mantine/core";
import type { MouseEvent } from "react";
import { Link } from "react-router";
import type { ImageInfo } from "../../../server/types";
import { counted } from "../../../ui/bits/number";
import { ReadinessChip } from "../../../ui/bits/states";
import { Thumb } from "../../../ui/bits/Thumb";
import classes from "./images.module.css";

interface ImageCellProps {
  image: ImageInfo;
  search: string;
  index: number;
  selectable: boolean;
  selected: boolean;
  /** While something is selected a click selects too, instead of opening. */
  selecting: boolean;
  /** The one cell that Tab reaches; the arrow keys go on from it. */
  active: boolean;
  onPick: (index: number, extend: boolean) => void;
}

export function ImageCell(props: ImageCellProps) {
  const { image, search, index, selectable, selected, selecting, active, onPick } = props;
  const click = (event: MouseEvent) => {
    if (!selectable || event.ctrlKey || event.metaKey || !(selecting || event.shiftKey)) return;
    event.preventDefault();
    onPick(index, event.shiftKey);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cell cannot be laid out and virtualised like this
    // biome-ignore lint/a11y/useFocusableInteractive: the link inside takes the focus
    <div className={classes.cell} role="gridcell" aria-selected={selectable ? selected : undefined}>
      <Link
        className={classes.open}
        to={`/images/${image.id}${search}`}
        data-index={index}
        tabIndex={active ? 0 : -1}
        onClick={click}
        draggable={false}
      >
        <div className={classes.photo}>
          <Thumb src={image.thumbnail_url} />
        </div>
        <div className={classes.name}>
          <span title={[image.name, image.notice].filter(Boolean).join("\n")}>{image.name}</span>
          <Objects image={image} />
        </div>
        <div className={classes.state}>
          <ReadinessChip embedding={image.embedding} proposals={image.proposals} />
          <Who image={image} />
        </div>
      </Link>
      {selectable && (
        // biome-ignore lint/a11y/noStaticElementInteractions: a larger target around the checkbox; Space does the same
        // biome-ignore lint/a11y/useKeyWithClickEvents: Space on the focused cell does the same
        <div className={classes.check} onClick={(event) => onPick(index, event.shiftKey)}>
          <Checkbox size="xs" checked={selected} readOnly tabIndex={-1} aria-label={`Select ${image.name}`} />
        </div>
      )}
    </div>
  );
}

function Objects({ image: { annotation_counts: counts } }: { image: ImageInfo }) {
  const total = counts.draft + counts.submitted + counts.accepted + counts.rejected;
  return total > 0 && <span className={classes.muted}>{counted(total, "object")}</span>;
}

function Who({ image: { assignment } }: { image: ImageInfo }) {
  if (!assignment) return <span className={classes.who}>unassigned</span>;
  const why = assignment.skip_reason ? `: ${assignment.skip_reason}` : "";
  const nothing = assignment.nothing_to_label ? " · nothing to label" : "";
  const text = `${assignment.annotator.name} · ${assignment.state}${nothing}${why}`;
  return (
    <span className={classes.who} title={text}>
      {text}
    </span>
  );
}
