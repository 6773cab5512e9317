import type { Selection } from "./select";

/** How the grid of a project's images was left in this tab of the browser. */
export interface GridMemory {
  /** The filter, as the query of the address. */
  readonly search: string;
  readonly scrollTop: number;
  /** How many images were loaded: as many are needed to scroll there again. */
  readonly loaded: number;
  readonly selected: readonly string[];
  readonly anchor: string | null;
}

const keyOf = (projectId: string) => `maskwright.grid.${projectId}`;

export function recallGrid(projectId: string): GridMemory | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(projectId)) ?? "null");
  } catch {
    // A browser that keeps nothing, or something else under this name.
    return null;
  }
}

export function rememberGrid(projectId: string, memory: GridMemory): void {
  try {
    sessionStorage.setItem(keyOf(projectId), JSON.stringify(memory));
  } catch {
    // Then the grid begins at its top.
  }
}

export const selectionOf = (memory: GridMemory | null): Selection => ({
  ids: new Set(memory?.selected),
  anchor: memory?.anchor ?? null,
});
