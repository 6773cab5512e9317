import type { ProjectEvent } from "../server/types";

/**
 * One event stream for all tabs of a browser. HTTP/1.1 allows six connections to a site, so a stream a tab would
 * starve the pages. The tab that holds the Web Lock leads: it owns the EventSource and passes events on by
 * BroadcastChannel. When it closes, the lock falls to another tab, which resumes after the last seq it has seen.
 */
export interface Feed {
  close(): void;
}

export interface FeedOptions {
  name: string;
  kinds: readonly string[];
  /** The stream's URL, resuming after the event `id`, or from now on without one. */
  urlAfter: (id: string | undefined) => string;
  onEvent: (event: ProjectEvent) => void;
  /** Called when missed events will not come again, so that everything on display has to be fetched anew. */
  onReset: () => void;
}

/**
 * Messages between tabs. An `id` names the log and the seq of an event, as in `4f0c6f0e9f5c.17`.
 * With `ask`, a new tab requests the leader's last id, so that it can take over without a gap.
 */
type Message =
  | { type: "event"; event: ProjectEvent; id: string }
  | { type: "ask" }
  | { type: "at"; id: string }
  | { type: "reset"; id: string };

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export function openFeed(options: FeedOptions): Feed {
  const stop = new AbortController();
  const channel = sharing() ? new BroadcastChannel(options.name) : undefined;
  let last: string | undefined;
  let leading = false;

  const tell = (message: Message) => channel?.postMessage(message);
  // Only where nothing is known yet: jumping ahead would skip what happened in between.
  const begin = (id: string) => {
    last ??= id;
  };
  const receive = (event: ProjectEvent, id: string) => {
    if (last !== undefined && event.seq <= seqOf(last)) return;
    last = id;
    options.onEvent(event);
  };
  // After a restore, the log may go on at a lower seq than before.
  const reset = (id: string) => {
    last = id;
    options.onReset();
  };
  const lead = () => {
    leading = true;
    const source = keepOpen({
      url: () => options.urlAfter(last),
      kinds: options.kinds,
      onHello: (id) => {
        begin(id);
        tell({ type: "at", id });
      },
      onReset: (id) => {
        tell({ type: "reset", id });
        reset(id);
      },
      onEvent: (event, id) => {
        tell({ type: "event", event, id });
        receive(event, id);
      },
    });
    return ended(stop.signal).then(source.close);
  };

  channel?.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (data.type === "event") receive(data.event, data.id);
    else if (data.type === "at") begin(data.id);
    else if (data.type === "reset") reset(data.id);
    else if (leading && last !== undefined) tell({ type: "at", id: last });
  });
  tell({ type: "ask" });
  if (channel === undefined) void lead();
  else navigator.locks.request(options.name, { signal: stop.signal }, lead).catch(ignoreAbort);

  return {
    close() {
      stop.abort();
      channel?.close();
    },
  };
}

interface Stream {
  url: () => string;
  kinds: readonly string[];
  onHello: (id: string) => void;
  onReset: (id: string) => void;
  onEvent: (event: ProjectEvent, id: string) => void;
}

/** Keeps an EventSource open. The browser reconnects after a dropped line, but gives up on an HTTP error: we don't. */
function keepOpen(stream: Stream): { close: () => void } {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_PAUSE;

  const open = () => {
    source = new EventSource(stream.url());
    source.onopen = () => {
      pause = FIRST_PAUSE;
    };
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
    source.addEventListener("hello", ({ lastEventId }) => stream.onHello(lastEventId));
    source.addEventListener("reset", ({ lastEventId }) => stream.onReset(lastEventId));
    for (const kind of stream.kinds) {
      source.addEventListener(kind, ({ data, lastEventId }) =>
        stream.onEvent(JSON.parse(data) as ProjectEvent, lastEventId),
      );
    }
  };

  open();
  return {
    close() {
      clearTimeout(timer);
      source?.close();
    },
  };
}

const seqOf = (id: string) => Number(id.slice(id.lastIndexOf(".") + 1));

const sharing = () => typeof BroadcastChannel !== "undefined" && navigator.locks !== undefined;

const ended = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

function ignoreAbort(error: unknown) {
  if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
}
