import { areShared, lockedNames } from "./locks";

/** Tabs without Web Locks ask one another who has what in hand, and whoever has some of it says so. */
interface Word {
  readonly type: "ask" | "have";
  readonly names: readonly string[];
}

/** Milliseconds in which a tab that is there has answered: hidden tabs get their timers late, but not their messages. */
const PATIENCE = 1000;

const openChannel = () =>
  typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("maskwright-locks");

let gone = false;
window.addEventListener("pagehide", () => {
  gone = true;
});
window.addEventListener("pageshow", () => {
  gone = false;
});

const ears = areShared() ? undefined : openChannel();
ears?.addEventListener("message", ({ data }: MessageEvent<Word>) => {
  if (data.type === "ask" && !gone) void answer(data.names);
});

async function answer(asked: readonly string[]): Promise<void> {
  const locked = await lockedNames();
  const names = asked.filter((name) => locked.has(name));
  if (names.length > 0) ears?.postMessage({ type: "have", names } satisfies Word);
}

/** Which of some locks a tab that answers has, where tabs do not know of each other's. */
export function heldByOthers(names: readonly string[]): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  const channel = names.length > 0 ? openChannel() : undefined;
  if (!channel) return Promise.resolve(held);
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      channel.close();
      resolve(held);
    };
    const timer = setTimeout(end, PATIENCE);
    channel.addEventListener("message", ({ data }: MessageEvent<Word>) => {
      if (data.type === "have") for (const name of data.names) held.add(name);
      if (names.every((name) => held.has(name))) end();
    });
    channel.postMessage({ type: "ask", names } satisfies Word);
  });
}
