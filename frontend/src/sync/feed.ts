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
  /** The stream's address, resuming after `seq`; undefined = from now on. */
  urlAfter: (seq: number | undefined) => string;
  onEvent: (event: ProjectEvent) => void;
}

/** `ask`: a new tab wants to know where the leader stands, so that it can take over without a gap. */
type Message = { type: "event"; event: ProjectEvent } | { type: "ask" } | { type: "at"; seq: number };

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export function openFeed(options: FeedOptions): Feed {
  const stop = new AbortController();
  const channel = sharing() ? new BroadcastChannel(options.name) : undefined;
  let last: number | undefined;
  let leading = false;

  const tell = (message: Message) => channel?.postMessage(message);
  // Only where nothing is known yet: jumping ahead would skip what happened in between.
  const begin = (seq: number) => {
    last ??= seq;
  };
  const receive = (event: ProjectEvent) => {
    if (last !== undefined && event.seq <= last) return;
    last = event.seq;
    options.onEvent(event);
  };
  const lead = () => {
    leading = true;
    const source = keepOpen({
      url: () => options.urlAfter(last),
      kinds: options.kinds,
      onSeq: (seq) => {
        begin(seq);
        tell({ type: "at", seq });
      },
      onEvent: (event) => {
        tell({ type: "event", event });
        receive(event);
      },
    });
    return ended(stop.signal).then(source.close);
  };

  channel?.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (data.type === "event") receive(data.event);
    else if (data.type === "at") begin(data.seq);
    else if (leading && last !== undefined) tell({ type: "at", seq: last });
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
  onSeq: (seq: number) => void;
  onEvent: (event: ProjectEvent) => void;
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
    source.addEventListener("hello", (message) => stream.onSeq(Number(message.lastEventId)));
    for (const kind of stream.kinds) {
      source.addEventListener(kind, (message) => stream.onEvent(JSON.parse(message.data) as ProjectEvent));
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

const sharing = () => typeof BroadcastChannel !== "undefined" && navigator.locks !== undefined;

const ended = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

function ignoreAbort(error: unknown) {
  if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
}
