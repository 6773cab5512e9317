import { useState } from "react";
import type { Size } from "../../../geometry/vector";
import type { LabelClass } from "../../../model/annotation";
import type { ReviewItem } from "../../../server/types";
import { unknownWords } from "../../../ui/confidence/Confidence";
import { score } from "../../../ui/editor/words";
import { Crop } from "../Crop";
import styles from "./sheet.module.css";

interface ZoomedProps {
  item: ReviewItem;
  labelClass: LabelClass | undefined;
  reason: string | undefined;
  filled: boolean;
  room: Size;
  onClose: () => void;
}

const WORDS = 56;

/** The mask that is pointed at, as large as the sheet; keys do what they do in the sheet. */
export function Zoomed({ item, labelClass, reason, filled, room, onClose }: ZoomedProps) {
  const name = labelClass?.name ?? "Unknown class";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Space and Escape close it, wherever the focus is
    <section className={styles.zoomed} aria-label={`${name}, enlarged`} onClick={onClose}>
      <Crop
        key={item.id}
        item={item}
        colour={labelClass?.colour ?? "#808080"}
        filled={filled}
        width={Math.max(room.width - 48, 100)}
        height={Math.max(room.height - 48 - WORDS, 100)}
      />
      <p>
        <b>{name}</b> {item.confidence === null ? unknownWords(item) : score(item.confidence)} ·{" "}
        {item.image_detail.name} · {item.created_by.name}
        {reason !== undefined && <span className={styles.reason}> · ✕ {reason.toLowerCase()}</span>}
      </p>
    </section>
  );
}

/** Whether something is on or off, and what turns it over. */
export function useToggle(initially = false) {
  const [on, setOn] = useState(initially);
  return { on, toggle: () => setOn((now) => !now), off: () => setOn(false) };
}
