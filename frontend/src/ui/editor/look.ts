import type { Look } from "../../editor/personal";
import { CLASS_COLOURS } from "../bits/palette";

/** The CSS filter that shows a photograph in another light; none where it stays as it is, which draws faster. */
export function photoFilter({ brightness, contrast, gamma }: Look): string {
  const parts = [
    gamma !== 1 && "url(#photo-gamma)",
    brightness !== 1 && `brightness(${brightness})`,
    contrast !== 1 && `contrast(${contrast})`,
  ];
  return parts.filter((part) => part !== false).join(" ");
}

/** The colour of an object by itself: always the same one, whatever comes and goes around it. */
export function objectColour(id: string): string {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return CLASS_COLOURS[hash % CLASS_COLOURS.length] ?? CLASS_COLOURS[0];
}
