import { useState, useSyncExternalStore } from "react";
import type { Photo } from "../../render/TiledPhoto";
import type { ImageInfo } from "../../server/types";
import type { Outbox } from "../../sync/outbox";
import type { SaveState } from "../../sync/outboxState";
import { KeepsNothing, Unsaved } from "../../ui/editor/Saving";
import { askToDiscard, downloadDraft } from "../../ui/unsent/draft";
import { ImageConflicts } from "./ImageConflicts";
import type { EditSession } from "./session";

const DISCARD = "Your unsaved edits of this image are given up, and it shows what the server has.";

interface SaveTroublesProps {
  image: ImageInfo;
  session: EditSession;
  photo: Photo | null;
  state: SaveState;
}

/** Why edits are not saved, and what people can do about it. */
export function SaveTroubles({ image, session, photo, state }: SaveTroublesProps) {
  const { outbox } = session;
  const keepsNothing = useKeepsNothing(outbox);
  const [known, setKnown] = useState(false);
  return (
    <>
      <Unsaved
        state={state}
        kept={!keepsNothing}
        onRetry={() => void outbox.flush()}
        onDownload={() => downloadDraft({ ...image, image: image.id }, outbox.pending)}
        onDiscard={() => askToDiscard(DISCARD, () => void outbox.discard().catch(() => undefined))}
      />
      {keepsNothing && !known && <KeepsNothing onKnown={() => setKnown(true)} />}
      <ImageConflicts session={session} photo={photo} />
    </>
  );
}

const useKeepsNothing = (outbox: Outbox): boolean =>
  useSyncExternalStore(
    (listener) => outbox.subscribe(listener),
    () => outbox.keepsNothing,
  );
