import type { Editor } from "../../../editor/Editor";
import type { Vector } from "../../../geometry/vector";
import type { ReviewItem } from "../../../server/types";
import type { Comments } from "../../../ui/comments/useComments";
import { reject } from "./commands";
import { NewPin } from "./Pinned";
import { ReasonStrip } from "./ReasonStrip";
import type { Sitting } from "./Sitting";
import type { Desk } from "./useDesk";

interface AskingProps {
  sitting: Sitting;
  item: ReviewItem;
  editor: Editor;
  desk: Desk;
  reasons: readonly string[];
  comments: Comments;
  /** Where a comment that is being written will be pinned. */
  onPlace: (at: Vector | null) => void;
}

/** What a key has asked for, over the image. */
export function Asking({ sitting, desk, reasons, item, editor, comments, onPlace }: AskingProps) {
  const close = () => desk.setOpen(null);
  const { open, comment, setComment } = desk;
  if (open === "reasons")
    return (
      <ReasonStrip
        reasons={reasons}
        comment={comment}
        onComment={setComment}
        onReject={(reason) => reject({ sitting, desk }, reason)}
        onCancel={close}
      />
    );
  return open === "comment" ? <NewPin {...{ item, editor, comments, onPlace }} onEnd={close} /> : null;
}
