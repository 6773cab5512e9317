import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBrush,
  IconCheck,
  IconChevronLeft,
  IconChevronRight,
  IconCircleMinus,
  IconCirclePlus,
  IconEraser,
  IconEye,
  IconHelp,
  IconMaximize,
  IconPointer,
  IconPolygon,
  IconRectangle,
  IconSend,
  IconSparkles,
  IconTarget,
  IconTrash,
  IconWand,
  IconX,
  IconZoomIn,
  IconZoomOut,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Icon } from "../../editor/commands/command";

export const ICONS: Record<Icon, TablerIcon> = {
  pointer: IconPointer,
  sparkles: IconSparkles,
  undo: IconArrowBackUp,
  redo: IconArrowForwardUp,
  fit: IconMaximize,
  zoomIn: IconZoomIn,
  zoomOut: IconZoomOut,
  previous: IconChevronLeft,
  next: IconChevronRight,
  submit: IconSend,
  help: IconHelp,
  hide: IconEye,
  trash: IconTrash,
  check: IconCheck,
  close: IconX,
  target: IconTarget,
  brush: IconBrush,
  box: IconRectangle,
  polygon: IconPolygon,
  boxToMask: IconWand,
  eraser: IconEraser,
  larger: IconCirclePlus,
  smaller: IconCircleMinus,
};

const SHOWN: Record<string, string> = {
  Enter: "⏎",
  Escape: "Esc",
  Delete: "Del",
  Backspace: "⌫",
  "Ctrl+Enter": "Ctrl ⏎",
};

/** A key as it is printed on a key cap. */
export const keyCap = (key: string): string => SHOWN[key] ?? key.replaceAll("+", " ").replace(/^ $/, "+");
