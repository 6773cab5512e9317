import { Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCloudOff } from "@tabler/icons-react";
import { counted } from "../bits/number";
import { UnsentPanel } from "./UnsentPanel";
import styles from "./unsent.module.css";
import { useUnsent } from "./useUnsent";
import { waitingSentence } from "./words";

interface UnsentButtonProps {
  /** The image that is open here: it says for itself how its edits stand. */
  except?: string;
  /** Where there is little room. */
  short?: boolean;
}

/** Says that edits wait to be sent, for as long as they do, and leads to them. */
export function UnsentButton({ except, short = false }: UnsentButtonProps) {
  const { unsent, images: all } = useUnsent();
  const [opened, { open, close }] = useDisclosure(false);
  const images = all.filter(({ image }) => image !== except);
  if (!unsent || (images.length === 0 && !opened)) return null;
  const sentence = waitingSentence(images);
  return (
    <>
      {images.length > 0 && (
        <Tooltip label={sentence} disabled={!short}>
          <button type="button" className={styles.button} aria-label={sentence} onClick={open}>
            <IconCloudOff size={15} aria-hidden="true" />
            {short ? counted(images.length, "image") : sentence}
          </button>
        </Tooltip>
      )}
      <UnsentPanel unsent={unsent} images={images} opened={opened} onClose={close} />
    </>
  );
}
