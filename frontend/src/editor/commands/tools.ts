import type { ToolName } from "../../tools/tool";
import { isUsed } from "../toolbox";
import { type Command, type Icon, labels, named, shown } from "./command";

const tool = (id: ToolName, label: string, key: string, icon: Icon): Command => ({
  id,
  group: "Tools",
  label: named(label),
  keys: [key],
  icon,
  enabled: (context) => id === "select" || (labels(context) && isUsed(id, shown(context).rules)),
  run: ({ editor }) => editor.setTool(id),
});

const proposals = tool("proposals", "Accept proposals", "G", "proposals");

export const toolCommands: readonly Command[] = [
  tool("select", "Select", "V", "pointer"),
  tool("segment", "Segment with SAM", "S", "sparkles"),
  { ...proposals, enabled: (context) => proposals.enabled(context) && shown(context).proposals !== null },
  tool("brush", "Brush", "B", "brush"),
  tool("eraser", "Eraser", "E", "eraser"),
  tool("polygon", "Polygon", "P", "polygon"),
  tool("box", "Box", "R", "box"),
  tool("tag", "Tag the whole image", "W", "tag"),
  tool("comment", "Comment on a place or an object", "C", "comment"),
];
