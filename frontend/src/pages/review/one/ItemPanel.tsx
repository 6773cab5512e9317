import type { ReviewItem, VerdictKind } from "../../../server/types";
import { unknownWords } from "../../../ui/confidence/Confidence";
import { Doubts } from "../../../ui/confidence/Doubts";
import editorStyles from "../../../ui/editor/editor.module.css";
import { modelName, score, scoreTone } from "../../../ui/editor/words";
import { useReviewContext } from "../context";
import styles from "./one.module.css";
import { Returned } from "./Returned";

const SOURCES: Record<string, string> = {
  sam: "SAM",
  proposal: "proposal",
  brush: "brush",
  polygon: "polygon",
  box: "box",
  import: "import",
  tag: "tag",
};

interface ItemPanelProps {
  item: ReviewItem;
  /** The reviewer's own verdict of this sitting. */
  given: VerdictKind | undefined;
}

/** What is known about the mask to be judged. */
export function ItemPanel({ item, given }: ItemPanelProps) {
  const labelClass = useReviewContext().classes.find(({ id }) => id === item.class_id);
  return (
    <div className={styles.facts}>
      <h2>
        <i className={editorStyles.dot} style={{ background: labelClass?.colour }} />
        {labelClass?.name ?? "Unknown class"}
      </h2>
      {item.resubmission && <p className={styles.answered}>{answerOf(item)}</p>}
      <ConfidenceMeter item={item} />
      <Doubts doubts={item.doubts} />
      <dl>
        <Fact name="Made by">{item.created_by.name}</Fact>
        <Fact name="With">
          {SOURCES[item.source]}
          {item.model && `, ${modelName(item.model)}`}
        </Fact>
        {item.prompts.length > 0 && <Fact name="Prompts">{item.prompts.length}</Fact>}
        {item.predicted_iou !== null && <Fact name="Predicted IoU">{score(item.predicted_iou)}</Fact>}
        {item.stability_score !== null && <Fact name="Stability">{score(item.stability_score)}</Fact>}
        <Fact name="Area">{item.area.toLocaleString("en")} px</Fact>
        <Fact name="Image">{item.image_detail.name}</Fact>
        {item.review && (
          <Fact name={item.state === "submitted" ? "Before" : "Verdict"}>
            {item.review.verdict} by {item.review.by?.name ?? "the project’s policy"}
            {item.review.reason && `: ${item.review.reason.toLowerCase()}`}
          </Fact>
        )}
      </dl>
      <Returned item={item} />
      {given && <p className={styles.given}>You {given} this mask. Z takes the last verdict back.</p>}
    </div>
  );
}

/** How the annotator answered the rejection before. */
function answerOf({ resubmission, review, updated_by }: ReviewItem): string {
  const rejecter = review?.by?.name ?? "A reviewer";
  return resubmission === "disputed"
    ? `Disputed. ${rejecter} rejected it, but its annotator thinks it is right. You decide.`
    : `Reworked by ${updated_by.name} after ${rejecter} rejected it.`;
}

function ConfidenceMeter({ item }: { item: ReviewItem }) {
  const { confidence } = item;
  if (confidence === null) return <div className={styles.confidence}>Confidence: {unknownWords(item)}</div>;
  return (
    <div className={styles.confidence} data-tone={scoreTone(confidence)}>
      <b>{score(confidence)}</b>
      <span>confidence</span>
      <span className={styles.meter} aria-hidden="true">
        <i style={{ width: `${confidence * 100}%` }} />
      </span>
    </div>
  );
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
