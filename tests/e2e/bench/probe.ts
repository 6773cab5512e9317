/** What the bench has in the page. Times are milliseconds of the page's clock, which starts with the navigation. */
export interface Probe {
  /** For each frame the time that scripts took since the one before, canvas calls carried out and not only recorded. */
  readonly frames: number[];
  /** Begins to look at the picture in a box (CSS pixels of the window) after every frame. */
  watch(box: { x: number; y: number; w: number; h: number }): void;
  /** When somebody first did something since, when the frame after that was painted, when the picture last changed. */
  watched(): { began: number; painted: number; changed: number };
  /** When a condition first held after a frame; polled from now on. */
  when(holds: () => boolean): Promise<number>;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** Runs in the page before any of its scripts. Serialised, so it uses nothing from outside. */
export function installProbe(): void {
  const dirty = new Set<CanvasRenderingContext2D>();
  let work = 0;
  let depth = 0;

  const context = CanvasRenderingContext2D.prototype as unknown as Record<string, (...all: unknown[]) => unknown>;
  const getImageData = CanvasRenderingContext2D.prototype.getImageData;
  for (const name of ["drawImage", "fill", "stroke", "fillRect", "strokeRect", "clearRect", "putImageData"]) {
    const draw = context[name];
    if (!draw) continue;
    context[name] = function (this: CanvasRenderingContext2D, ...all: unknown[]) {
      dirty.add(this);
      return draw.apply(this, all);
    };
  }
  // Canvas calls are only recorded until somebody needs the pixels.
  const carryOut = () => {
    for (const drawn of dirty) if (drawn.canvas.width > 0) getImageData.call(drawn, 0, 0, 1, 1);
    dirty.clear();
  };
  const timed = <Call extends (...all: never[]) => unknown>(call: Call): Call =>
    function (this: unknown, ...all: never[]) {
      const start = performance.now();
      depth++;
      try {
        return call.apply(this, all);
      } finally {
        if (--depth === 0) {
          carryOut();
          work += performance.now() - start;
        }
      }
    } as Call;

  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (call) => frame(timed(call));
  const later = window.setTimeout.bind(window);
  window.setTimeout = ((call: () => void, ...rest: unknown[]) =>
    later(typeof call === "function" ? timed(call) : call, ...(rest as [number]))) as typeof window.setTimeout;
  // React renders in messages to itself.
  const onMessage = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    ...onMessage,
    set(call: ((event: MessageEvent) => unknown) | null) {
      onMessage?.set?.call(this, call && timed(call));
    },
  });
  const listeners = new WeakMap<object, EventListener>();
  const [add, remove] = [EventTarget.prototype.addEventListener, EventTarget.prototype.removeEventListener];
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (typeof listener !== "function") return add.call(this, type, listener, options);
    const known = listeners.get(listener) ?? timed(listener);
    listeners.set(listener, known);
    return add.call(this, type, known, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const known = listener && listeners.get(listener);
    return remove.call(this, type, known ?? listener, options);
  };

  const frames: number[] = [];
  const each: (() => void)[] = [];
  let began = 0;
  for (const type of ["pointermove", "pointerup", "keydown", "click", "wheel"])
    add.call(window, type, (event) => (began ||= event.timeStamp), { capture: true });
  // A message sent in a frame arrives when that has been painted.
  const message = new MessageChannel();
  onMessage?.set?.call(message.port1, () => {
    for (const look of [...each]) look();
  });
  const tick = () => {
    frames.push(work);
    work = 0;
    message.port2.postMessage(null);
    frame(tick);
  };
  frame(tick);

  const picture = (box: { x: number; y: number; w: number; h: number }) => {
    let hash = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>("[role=application] canvas, #naive")) {
      const place = canvas.getBoundingClientRect();
      if (canvas.width === 0 || place.width === 0) continue;
      if (place.right < box.x || place.left > box.x + box.w || place.bottom < box.y || place.top > box.y + box.h)
        continue;
      const ratio = canvas.width / place.width;
      const [x, y] = [(box.x - place.x) * ratio, (box.y - place.y) * ratio];
      const drawn = canvas.getContext("2d");
      if (!drawn) continue;
      const { data } = getImageData.call(drawn, Math.round(x), Math.round(y), box.w, box.h);
      for (let i = 0; i < data.length; i++) hash = (hash * 31 + (data[i] ?? 0)) | 0;
    }
    return hash;
  };

  let stop = () => {};
  let [painted, changed] = [0, 0];
  window.probe = {
    frames,
    watch(box) {
      stop();
      let last = picture(box);
      [began, painted, changed] = [0, 0, 0];
      const look = () => {
        if (began) painted ||= performance.now();
        const now = picture(box);
        if (now === last) return;
        last = now;
        changed = performance.now();
      };
      each.push(look);
      stop = () => each.splice(each.indexOf(look), 1);
    },
    watched: () => ({ began, painted, changed }),
    when: (holds) =>
      new Promise((resolve) => {
        const look = () => {
          if (!holds()) return;
          each.splice(each.indexOf(look), 1);
          resolve(performance.now());
        };
        each.push(look);
      }),
  };
}
