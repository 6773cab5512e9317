import { Drawer } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";

interface HistoryDrawerProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** Stands beside the canvas, which stays in use and shows the version that is chosen. */
export function HistoryDrawer({ title, onClose, children }: HistoryDrawerProps) {
  useFocusReturn();
  return (
    <Drawer
      opened
      onClose={onClose}
      title={title}
      position="right"
      size={320}
      withOverlay={false}
      closeOnClickOutside={false}
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      shadow="md"
      styles={{ content: { background: "var(--chrome)" }, header: { background: "var(--chrome)" } }}
    >
      {children}
    </Drawer>
  );
}

/** What is open from the start does not know where the focus was: it is noted here, and given back when it got lost. */
function useFocusReturn(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (document.activeElement === document.body && before instanceof HTMLElement) {
        before.focus({ preventScroll: true });
      }
    },
    [before],
  );
}
