/** A way to look at the queue; its path is behind the address of the review page. */
export interface Mode {
  readonly id: "one" | "sheet" | "whole";
  readonly path: string;
  readonly name: string;
  readonly key: string;
}

export const MODES: readonly Mode[] = [
  { id: "one", path: "", name: "One by one", key: "Shift+O" },
  { id: "sheet", path: "sheet", name: "Sheet", key: "Shift+S" },
  { id: "whole", path: "images", name: "Whole image", key: "Shift+W" },
];
