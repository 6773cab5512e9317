import { claim, share } from "./locks";

const lockOf = (name: string): string => `maskwright-image:${name}`;
const openChannel = () =>
  typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("maskwright-image");

/**
 * An image is open in editors, or what was left of it is sent from outside of them, never both: its edits are in one
 * place. Whoever opens it, in any tab, comes first. Answers how to let go of it.
 */
export async function takeToEdit(name: string): Promise<() => void> {
  const channel = openChannel();
  const granted = share(lockOf(name));
  channel?.postMessage(name);
  try {
    return await granted;
  } finally {
    channel?.close();
  }
}

/** Runs `work` if nobody has the image open; the signal says that somebody is opening it. Answers whether it ran. */
export async function takeToSend(
  name: string,
  work: (wanted: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const wanted = new AbortController();
  const channel = openChannel();
  channel?.addEventListener("message", ({ data }) => data === name && wanted.abort());
  const release = await claim(lockOf(name));
  try {
    if (release) await work(wanted.signal);
    return release !== undefined;
  } finally {
    release?.();
    channel?.close();
  }
}
