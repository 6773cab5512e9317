import { useEffect, useSyncExternalStore } from "react";
import { useMe } from "../../server/me";
import { Unsent } from "../../sync/unsent";
import { portsFor } from "../../sync/unsentPorts";
import type { Waiting } from "../../sync/waiting";

const keepers = new Map<string, Unsent>();

/** One for each person, for as long as the page is there. */
function unsentOf(person: string): Unsent {
  const unsent = keepers.get(person) ?? new Unsent(portsFor(person));
  keepers.set(person, unsent);
  return unsent;
}

/** Sends what waits from images that are not open, while mounted. */
export function useSendingUnsent(person: string): void {
  useEffect(() => unsentOf(person).start(), [person]);
}

const NONE: readonly Waiting[] = [];
const never = () => () => {};

/** The images with edits that wait to be sent. */
export function useUnsent(): { unsent: Unsent | null; images: readonly Waiting[] } {
  const person = useMe().data?.id;
  const unsent = person === undefined ? null : unsentOf(person);
  const images = useSyncExternalStore(unsent?.subscribe ?? never, () => unsent?.images ?? NONE);
  return { unsent, images };
}
