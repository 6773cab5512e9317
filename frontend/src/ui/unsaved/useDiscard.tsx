import { Box, Button, Group } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Notice } from "../bits/Notice";

interface Discard {
  /** Closes the dialog, or asks first. */
  readonly close: () => void;
  /** The question, for the top of the dialog. */
  readonly question: ReactNode;
}

/** Closing a dialog in which something is unsaved (`what`, as in "the attributes") asks first, inside the dialog. */
export function useDiscard(what: string | null, onClose: () => void): Discard {
  const [asks, setAsks] = useState(false);
  const discard = () => {
    setAsks(false);
    onClose();
  };
  const close = () => (what === null ? discard() : setAsks(!asks));
  const question = asks && what !== null && (
    <Box mb="sm">
      <Notice tone="warn">
        You have not saved {what}.
        <Group gap="xs" mt="xs">
          <Button size="compact-sm" variant="default" color="red" onClick={discard}>
            Discard
          </Button>
          <Button size="compact-sm" variant="default" autoFocus onClick={() => setAsks(false)}>
            Keep editing
          </Button>
        </Group>
      </Notice>
    </Box>
  );
  return { close, question };
}
