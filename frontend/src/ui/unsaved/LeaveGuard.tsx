import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useBlocker } from "react-router";
import { giveUpUnsaved, unsaved } from "./unsaved";

/** Asks before another page is opened over something unsaved. One for all pages: a router blocks for one only. */
export function LeaveGuard() {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname && unsaved().length > 0,
  );
  const stay = () => blocker.reset?.();
  const leave = () => {
    giveUpUnsaved();
    blocker.proceed?.();
  };
  return (
    <Modal opened={blocker.state === "blocked"} onClose={stay} title="Leave without saving?" size="sm">
      <Stack gap="md">
        <Text size="sm">
          You have not saved {listed(unsaved())}. If you leave this page, your changes will be lost.
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" color="red" onClick={leave}>
            Leave without saving
          </Button>
          <Button data-autofocus onClick={stay}>
            Stay here
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const listed = (things: string[]): string => new Intl.ListFormat("en").format(things);
