import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Notice } from "../bits/Notice";
import { counted } from "../bits/number";
import { UnsentPanel } from "./UnsentPanel";
import { useUnsent } from "./useUnsent";

/** Where an image cannot be opened: that the edits of it are still there, and the way to them. */
export function UnsentHere({ image }: { image: string }) {
  const { unsent, images } = useUnsent();
  const [opened, { open, close }] = useDisclosure(false);
  const here = images.filter((waiting) => waiting.image === image);
  const [waiting] = here;
  if (!unsent || (!waiting && !opened)) return null;
  return (
    <>
      {waiting && (
        <Notice
          tone="warn"
          action={
            <Button variant="default" onClick={open}>
              Look at them
            </Button>
          }
        >
          {counted(waiting.count, "edit")} of yours {waiting.count === 1 ? "is" : "are"} kept in this browser.
        </Notice>
      )}
      <UnsentPanel unsent={unsent} images={here} opened={opened} onClose={close} />
    </>
  );
}
