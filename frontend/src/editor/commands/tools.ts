import type { ToolName } from "../../tools/tool";
import { always, type Command, type Icon, labels, named, shown } from "./command";

const tool = (id: ToolName, label: string, key: string, icon: Icon): Command => ({
  id,
  group: "Tools",
  label: named(label),
  keys: [key],
  icon,
  enabled: id === "select" ? always : labels,
  run: ({ editor }) => editor.setTool(id),
});

const proposals = tool("proposals", "Accept proposals", "G", "proposals");

export const toolCommands: readonly Command[] = [
  tool("select", "Select", "V", "pointer"),
  tool("segment", "Segment with SAM", "S", "sparkles"),
  { ...proposals, enabled: (context) => labels(context) && shown(context).proposals !== null },
  tool("brush", "Brush", "B", "brush"),
  tool("eraser", "Eraser", "E", "eraser"),
  tool("polygon", "Polygon", "P", "polygon"),
  tool("box", "Box", "R", "box"),
];
