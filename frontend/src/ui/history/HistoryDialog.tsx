import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import type { Editor } from "../../editor/Editor";
import { nameOf } from "../../model/lookup";
import { useEditor } from "../editor/useEditor";
import { Deleted } from "./Deleted";
import { Timeline } from "./Timeline";

interface HistoryDialogProps {
  editor: Editor;
  image: string;
  photo: HTMLImageElement | null;
  onClose: () => void;
  /** Saves what is not saved yet. */
  flush: () => Promise<unknown>;
  /** Brings what the server has into the editor. */
  refresh: () => Promise<unknown>;
}

/** The history of the selected object; without one, what was deleted on the image. */
export default function HistoryDialog({ editor, image, photo, onClose, flush, refresh }: HistoryDialogProps) {
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
    <Modal opened onClose={onClose} title={title} size={900}>
      {annotation === undefined ? (
        <Deleted image={image} nameOfClass={nameOfClass} choose={setAnnotation} />
      ) : (
        <>
          <Timeline
            key={annotation}
            annotation={annotation}
            photo={photo}
            canRestore={!readOnly}
            beforeRestore={flush}
            onRestored={() => void refresh()}
          />
          <Button variant="subtle" mt="xs" onClick={() => setAnnotation(undefined)}>
            Deleted on this image
          </Button>
        </>
      )}
    </Modal>
  );
}
