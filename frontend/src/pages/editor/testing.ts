import { vi } from "vitest";
import type { ImageInfo, Project } from "../../server/types";

/** What jsdom has no part for: the stream of events (`emit` sends one), loading and decoding images, canvases. */
export function stubBrowser(): { emit: (kind: string, event: object) => void } {
  const sources: EventTarget[] = [];
  class FakeEventSource extends EventTarget {
    static CLOSED = 2;
    constructor() {
      super();
      sources.push(this);
    }
    close() {}
  }
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.stubGlobal("Path2D", class {});
  Object.defineProperty(HTMLImageElement.prototype, "src", {
    configurable: true,
    set(this: HTMLImageElement) {
      queueMicrotask(() => this.dispatchEvent(new Event("load")));
    },
  });
  HTMLImageElement.prototype.decode = () => Promise.resolve();
  HTMLCanvasElement.prototype.getContext = () => null;
  HTMLElement.prototype.setPointerCapture = () => {};
  let seq = 0;
  const emit = (kind: string, event: object) => {
    const data = JSON.stringify({
      seq: ++seq,
      kind,
      actor: null,
      data: {},
      object: null,
      image: null,
      ...event,
    });
    for (const source of sources) source.dispatchEvent(new MessageEvent(kind, { data }));
  };
  return { emit };
}

export const me = { id: "anna", name: "Anna", email: "anna@example.org", is_operator: false };

export const project: Partial<Project> = {
  id: "p",
  name: "Meadow",
  my_roles: ["annotator", "reviewer"],
  permissions: ["project.view", "annotate", "review"],
  review: { below: 1, sample: 0.05, first: 0, second_for: [], own: false },
  kinds: ["mask", "polygon", "box", "tag"],
  overlap: "free",
  reject_reasons: ["Rough edge", "Wrong object"],
};

export const classes = [
  { id: "sheep", name: "Sheep", colour: "#56b4e9", position: 0, attributes: [], annotation_count: 0 },
  { id: "grass", name: "Grass", colour: "#009e73", position: 1, attributes: [], annotation_count: 0 },
];

export const image: Partial<ImageInfo> = {
  id: "i",
  project: "p",
  name: "sheep.jpg",
  width: 8,
  height: 8,
  embedding: { state: "ready", error: null },
  proposals: { state: "ready", error: null },
  assignment: {
    id: "work",
    annotator: { id: "anna", name: "Anna" },
    state: "open",
    skip_reason: "",
    nothing_to_label: false,
    image_review: "",
  },
  file_url: "/api/v1/images/i/file",
};
