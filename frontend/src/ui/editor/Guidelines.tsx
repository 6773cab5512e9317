import { Drawer } from "@mantine/core";
import styles from "./panels.module.css";

interface GuidelinesProps {
  text: string;
  opened: boolean;
  onClose: () => void;
}

/** How the project wants its images labeled, beside the image, so that both can be seen. */
export const Guidelines = ({ text, opened, onClose }: GuidelinesProps) => (
  <Drawer
    opened={opened}
    onClose={onClose}
    title="Guidelines"
    position="right"
    size={400}
    overlayProps={{ backgroundOpacity: 0.2 }}
  >
    {text ? (
      <p className={styles.guidelines}>{text}</p>
    ) : (
      <p className={styles.none}>This project has none. A manager writes them in its settings.</p>
    )}
  </Drawer>
);
