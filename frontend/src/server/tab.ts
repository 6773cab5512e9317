import { newOpId } from "./client";

const PLACE = "maskwright:tab";

/**
 * The name of this browser tab: what it has claimed, another tab of the same person does not get. A reload keeps it.
 * While the page is open it is nowhere but here, so that a duplicated tab has a name of its own.
 */
export const tab = taken() ?? newOpId();

window.addEventListener("pagehide", () => kept(() => sessionStorage.setItem(PLACE, tab)));
window.addEventListener("pageshow", () => kept(() => sessionStorage.removeItem(PLACE)));

function taken(): string | null {
  return kept(() => {
    const name = sessionStorage.getItem(PLACE);
    sessionStorage.removeItem(PLACE);
    return name;
  });
}

/** A browser may keep nothing at all. */
function kept<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
