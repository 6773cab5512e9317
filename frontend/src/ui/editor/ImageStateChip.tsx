import type { Editor } from "../../editor/Editor";
import { type ImageState, imageStateOf } from "../../model/imageState";
import type { LabeledImage } from "../../model/labeledImage";
import type { ImageInfo } from "../../server/types";
import { Chip, type ChipTone } from "../bits/Chip";
import styles from "./editor.module.css";
import { useEditor } from "./useEditor";

const LOOKS: Record<ImageState, { word: string; tone: ChipTone; hollow?: boolean; tip: string }> = {
  new: { word: "New", tone: "muted", hollow: true, tip: "Nothing is labeled on this image yet." },
  "in work": { word: "In work", tone: "accent", hollow: true, tip: "Some objects are not submitted yet." },
  submitted: { word: "Submitted", tone: "accent", tip: "The image waits for a reviewer." },
  "in review": { word: "In review", tone: "accent", tip: "A reviewer has judged some of the objects." },
  returned: { word: "Returned", tone: "warn", tip: "A reviewer returned the image for changes." },
  done: { word: "Done", tone: "ok", tip: "Everything on this image is accepted." },
  skipped: {
    word: "Skipped",
    tone: "warn",
    tip: "The annotator skipped the image. A manager decides what to do with it.",
  },
};

/** The reason why the image itself waits for review. */
const WAITS: Record<string, string> = {
  nothing_to_label: "The annotator found nothing to label. A reviewer has to confirm this.",
  deleted: "Accepted objects were deleted. A reviewer has to confirm this.",
};

interface ImageStateChipProps {
  editor: Editor;
  assignment: ImageInfo["assignment"];
  /** A reviewer sent something of it back. */
  cameBack: boolean;
}

/** The state of the image. */
export function ImageStateChip({ editor, assignment, cameBack }: ImageStateChipProps) {
  const image = useEditor(editor, ({ history }) => history.present);
  const { word, tone, hollow = false, tip } = LOOKS[stateOf(image, assignment, cameBack)];
  const nothing = assignment?.nothing_to_label && image.annotations.size === 0;
  return (
    <span
      className={styles.imageState}
      data-testid="image-state"
      data-tip={(assignment && WAITS[assignment.image_review]) || tip}
    >
      <Chip tone={tone} hollow={hollow}>
        {nothing && (word === "Submitted" || word === "Done") ? `${word}: nothing to label` : word}
      </Chip>
    </span>
  );
}

const stateOf = (image: LabeledImage, assignment: ImageInfo["assignment"], cameBack: boolean): ImageState =>
  imageStateOf(assignment, image.annotations.values(), cameBack);
