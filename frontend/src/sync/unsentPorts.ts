import { SESSION_RESUMED } from "../server/client";
import { takeToSend } from "./imageTurns";
import { forgetEdits, keptEdits, type Listed, onKeptChange, type Place } from "./keptEdits";
import { alone, areShared } from "./locks";
import { serverFor } from "./outboxServer";
import type { OutboxInput } from "./outboxState";
import { browserStore } from "./outboxStore";
import { forgetRemembered, remembered, withTabMemory } from "./tabMemory";

/** The browser and the server as `Unsent` needs them. */
export interface UnsentPorts {
  kept(): Promise<readonly Listed[]>;
  forget(image: string): Promise<void>;
  outboxOf(place: Place): Omit<OutboxInput, "onPatch">;
  /** Runs `work` if no editor has the image; the signal says that one wants it. */
  turn(image: string, work: (wanted: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Calls `begin` when this tab is the one that sends. */
  lead(stop: AbortSignal, begin: () => void): void;
  onChange(listener: () => void): () => void;
  onResume(listener: () => void): () => void;
}

const RESUMES = ["online", SESSION_RESUMED];

/** Calls `listener` when what could not be sent may be sendable again. */
export function onResume(listener: () => void): () => void {
  for (const event of RESUMES) window.addEventListener(event, listener);
  return () => {
    for (const event of RESUMES) window.removeEventListener(event, listener);
  };
}

export const portsFor = (person: string): UnsentPorts => ({
  kept: async () => [...(await keptEdits(person).catch(() => [])), ...remembered(person)],
  forget: async (image) => {
    forgetRemembered(person, image);
    await forgetEdits(person, image);
  },
  outboxOf: (place) => ({
    store: withTabMemory(browserStore(place), place),
    server: serverFor(person, place.image),
  }),
  turn: (image, work) => takeToSend(`${person}:${image}`, work),
  lead: (stop, begin) => void lead(`maskwright-unsent:${person}`, stop, begin),
  onChange: onKeptChange,
  onResume,
});

/** Without Web Locks tabs cannot agree on one; what two of them send twice is done once all the same. */
async function lead(name: string, stop: AbortSignal, begin: () => void): Promise<void> {
  const hold = () =>
    new Promise<void>((resolve) => {
      if (stop.aborted) return resolve();
      begin();
      stop.addEventListener("abort", () => resolve(), { once: true });
    });
  await (areShared() ? alone(name, hold) : hold());
}
