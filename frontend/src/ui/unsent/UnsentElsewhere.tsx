import { useDisclosure } from "@mantine/hooks";
import { counted } from "../bits/number";
import { Banner } from "../editor/Banner";
import { UnsentPanel } from "./UnsentPanel";
import styles from "./unsent.module.css";
import { useUnsent } from "./useUnsent";

/** Why an image is not submitted: another tab holds edits of it. They are one click away. */
export function UnsentElsewhere({ image, count }: { image: string; count: number }) {
  const { unsent, images } = useUnsent();
  const [opened, { open, close }] = useDisclosure(false);
  const here = images.filter((waiting) => waiting.image === image);
  const look = (
    <button type="button" className={styles.button} onClick={open}>
      Look at them
    </button>
  );
  return (
    <>
      <Banner tone="bad" actions={here.length > 0 && look}>
        <b>Not submitted.</b> Another tab has {counted(count, "edit")} of this image that{" "}
        {count === 1 ? "is" : "are"} not saved. Save or resolve {count === 1 ? "it" : "them"} there, or close
        that tab, then submit.
      </Banner>
      {unsent && <UnsentPanel unsent={unsent} images={here} opened={opened} onClose={close} />}
    </>
  );
}
