import { Button, Skeleton } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Editor } from "../../editor/Editor";
import { nameOf } from "../../model/lookup";
import type { Photo } from "../../render/TiledPhoto";
import type { Outbox } from "../../sync/outbox";
import { toastProblem } from "../bits/toast";
import { useEditor } from "../editor/useEditor";
import { Deleted } from "./Deleted";
import { HistoryDrawer } from "./HistoryDrawer";
import { Timeline } from "./Timeline";

interface HistoryDialogProps {
  editor: Editor;
  outbox: Outbox;
  image: string;
  photo: Photo | null;
  onClose: () => void;
}

/**
 * The history of the selected object; without one, what was deleted on the image.
 */
export default function HistoryDialog({ editor, outbox, image, photo, onClose }: HistoryDialogProps) {
  const isReady = useSaved(outbox);
  const selected = useEditor(editor, (snapshot) => snapshot.selected[0]);
  const readOnly = useEditor(editor, (snapshot) => snapshot.readOnly);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const present = useEditor(editor, ({ history }) => history.present);
  const [annotation, setAnnotation] = useState(selected);
  const nameOfClass = (id: string) => classes.find((each) => each.id === id)?.name ?? "A class that is gone:";
  const title =
    annotation === undefined
      ? "Deleted on this image"
      : `History of ${present.annotations.has(annotation) ? nameOf(present, classes, annotation) : "a deleted object"}`;
  return (
    <HistoryDrawer title={title} onClose={onClose}>
      {!isReady ? (
        <Skeleton h={360} />
      ) : annotation === undefined ? (
        <Deleted image={image} nameOfClass={nameOfClass} choose={setAnnotation} />
      ) : (
        <>
          <Timeline
            key={annotation}
            annotation={annotation}
            image={image}
            photo={photo}
            onChoose={editor.showPast}
            onRestored={readOnly ? undefined : () => void outbox.refresh().catch(toastProblem)}
          />
          <Button variant="subtle" mt="xs" onClick={() => setAnnotation(undefined)}>
            Deleted on this image
          </Button>
        </>
      )}
    </HistoryDrawer>
  );
}

/** Whether what was edited here is on its way no more: the history is to tell of it, and a restored version to follow it. */
function useSaved(outbox: Outbox): boolean {
  const [isSaved, setSaved] = useState(outbox.state.kind === "saved");
  useEffect(() => {
    void outbox.flush().then(() => setSaved(true));
  }, [outbox]);
  return isSaved;
}
