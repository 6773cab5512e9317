import "fake-indexeddb/auto";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import "./properties";

afterEach(cleanup);

// A busy machine is slow, not wrong: what a page awaits may take its time.
configure({ asyncUtilTimeout: 10_000 });

// What Mantine and the virtualised lists ask of a browser and jsdom does not have.
window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
    dispatchEvent: () => false,
  }) satisfies MediaQueryList;

class StillObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
// Not by stubGlobal: a test that takes back its own stubs must not take this one.
globalThis.ResizeObserver = StillObserver;
window.HTMLElement.prototype.scrollIntoView = () => {};
Object.defineProperty(document, "fonts", { value: new EventTarget() });

// Nothing has a size in jsdom, and a list without a height shows none of its lines.
Object.defineProperty(window.HTMLElement.prototype, "clientHeight", { value: 600 });
