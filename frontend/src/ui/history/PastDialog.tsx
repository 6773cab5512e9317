import { Modal } from "@mantine/core";
import type { Photo } from "../../render/TiledPhoto";
import { Timeline } from "./Timeline";

interface PastDialogProps {
  annotation: string;
  image: string;
  name: string;
  photo: Photo | null;
  onClose: () => void;
}

/** The history of an object for those who only look at it. */
export default function PastDialog({ annotation, image, name, photo, onClose }: PastDialogProps) {
  return (
    <Modal opened onClose={onClose} title={`History of ${name}`} size={900}>
      <Timeline annotation={annotation} image={image} photo={photo} onRestored={undefined} />
    </Modal>
  );
}
