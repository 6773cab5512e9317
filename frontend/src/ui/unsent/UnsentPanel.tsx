import { Modal } from "@mantine/core";
import type { Unsent } from "../../sync/unsent";
import type { Waiting } from "../../sync/waiting";
import { UnsentItem } from "./UnsentItem";
import styles from "./unsent.module.css";

interface UnsentPanelProps {
  unsent: Unsent;
  images: readonly Waiting[];
  opened: boolean;
  onClose: () => void;
}

/** All edits of this browser that are not on the server, image by image. */
export const UnsentPanel = ({ unsent, images, opened, onClose }: UnsentPanelProps) => (
  <Modal opened={opened} onClose={onClose} title="Edits that wait to be sent" size={696}>
    <p className={styles.note}>{noteOn(images)}</p>
    <ul className={styles.list}>
      {images.map((waiting) => (
        <UnsentItem key={waiting.image} unsent={unsent} waiting={waiting} onLeave={onClose} />
      ))}
    </ul>
  </Modal>
);

function noteOn(images: readonly Waiting[]): string {
  if (images.length === 0) return "Everything is on the server.";
  const where = images.some(({ onlyHere }) => onlyHere) ? "this tab" : "this browser";
  return `They are kept in ${where} until the server has them, or until you discard them.`;
}
