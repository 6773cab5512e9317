import { memo } from "react";
import type { LabelClass } from "../../../model/annotation";
import type { ReviewItem } from "../../../server/types";
import { Confidence } from "../../../ui/confidence/Confidence";
import editorStyles from "../../../ui/editor/editor.module.css";
import { Crop } from "../Crop";
import styles from "./sheet.module.css";

interface CardProps {
  item: ReviewItem;
  labelClass: LabelClass | undefined;
  /** Why it is bad; undefined where it is not. */
  reason: string | undefined;
  current: boolean;
  /** Of its picture, in CSS pixels. */
  width: number;
  height: number;
  filled: boolean;
  onPress: (id: string) => void;
  onDrawn: (id: string) => void;
  onFailed: (id: string) => void;
}

export const cardId = (id: string): string => `mask-${id}`;

/** One mask of a sheet. */
export const Card = memo(function Card(props: CardProps) {
  const { item, labelClass, reason, current, width, height, filled, onPress, onDrawn, onFailed } = props;
  const name = labelClass?.name ?? "Unknown class";
  const by = item.created_by.name;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the page's, for the card that is pointed at
    <div
      id={cardId(item.id)}
      className={styles.card}
      role="option"
      tabIndex={-1}
      aria-selected={reason !== undefined}
      data-current={current || undefined}
      data-bad={reason !== undefined || undefined}
      title={item.image_detail.name}
      onClick={() => onPress(item.id)}
    >
      <Crop
        item={item}
        colour={labelClass?.colour ?? "#808080"}
        filled={filled}
        width={width}
        height={height}
        onDrawn={onDrawn}
        onFailed={onFailed}
      />
      <span className={styles.line}>
        <i className={editorStyles.dot} style={{ background: labelClass?.colour }} />
        <span className={styles.name}>{name}</span>
        <Confidence annotation={item} />
      </span>
      <span className={styles.line}>
        {reason === undefined ? (
          <span className={styles.by}>{item.approved ? `${by} · accepted once` : by}</span>
        ) : (
          <span className={styles.reason}>✕ {reason.toLowerCase()}</span>
        )}
      </span>
    </div>
  );
});
