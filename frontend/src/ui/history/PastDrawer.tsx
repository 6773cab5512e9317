import type { Editor } from "../../editor/Editor";
import type { Photo } from "../../render/TiledPhoto";
import { HistoryDrawer } from "./HistoryDrawer";
import { Timeline } from "./Timeline";

interface PastDrawerProps {
  editor: Editor;
  annotation: string;
  image: string;
  name: string;
  photo: Photo | null;
  onClose: () => void;
}

/** The history of an object for those who only look at it. */
export default function PastDrawer({ editor, annotation, image, name, photo, onClose }: PastDrawerProps) {
  return (
    <HistoryDrawer title={`History of ${name}`} onClose={onClose}>
      <Timeline
        annotation={annotation}
        image={image}
        photo={photo}
        onChoose={editor.showPast}
        onRestored={undefined}
      />
    </HistoryDrawer>
  );
}
