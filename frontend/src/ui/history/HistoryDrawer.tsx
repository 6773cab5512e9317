import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";

interface HistoryDrawerProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** Stands beside the canvas, which stays in use and shows the version that is chosen. */
export const HistoryDrawer = ({ title, onClose, children }: HistoryDrawerProps) => (
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
