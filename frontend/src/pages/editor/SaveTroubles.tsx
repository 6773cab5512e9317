import type { Editor } from "../../editor/Editor";
import type { ImageInfo } from "../../server/types";
import type { Outbox } from "../../sync/outbox";
import type { SaveState } from "../../sync/outboxState";
import { Conflicts, Unsaved } from "../../ui/editor/Saving";
import { askToDiscard, downloadDraft } from "../../ui/unsent/draft";

const DISCARD = "Your unsaved edits of this image are given up, and it shows what the server has.";

interface SaveTroublesProps {
  image: ImageInfo;
  editor: Editor;
  outbox: Outbox;
  state: SaveState;
}

/** Why edits are not saved, and what people can do about it. */
export const SaveTroubles = ({ image, editor, outbox, state }: SaveTroublesProps) => (
  <>
    <Unsaved
      state={state}
      onRetry={() => void outbox.flush()}
      onDownload={() => downloadDraft({ ...image, image: image.id }, outbox.pending)}
      onDiscard={() => askToDiscard(DISCARD, () => void outbox.discard().catch(() => undefined))}
    />
    {state.kind === "conflict" && (
      <Conflicts
        conflicts={state.conflicts}
        onResolve={(conflict, choice) => {
          outbox.resolve(conflict.id);
          if (choice === "theirs") editor.adopt("Take theirs", new Map([[conflict.id, conflict.theirs]]));
        }}
      />
    )}
  </>
);
