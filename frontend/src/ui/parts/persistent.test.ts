import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { persistently } from "./persistent";
import { setTrouble, type Trouble } from "./trouble";

const page = (build: string) => `<script type="module" crossorigin src="/assets/index-${build}.js"></script>`;
const told: (Trouble["kind"] | null)[] = [];
let served: string | null;

vi.mock("./trouble", () => ({
  setTrouble: vi.fn((trouble: Trouble | null) => told.push(trouble?.kind ?? null)),
  endTrouble: vi.fn(() => told.push(null)),
}));

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  served = page("one");
  document.body.innerHTML = page("one");
  vi.stubGlobal("fetch", async () => {
    if (served === null) throw new TypeError("Failed to fetch");
    return new Response(served);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Fails so many times, then gives the part. */
function part(failures: number) {
  let asked = 0;
  return async () => {
    asked += 1;
    if (asked <= failures) throw new TypeError("Failed to fetch dynamically imported module");
    return `loaded at ${asked}`;
  };
}

test("a part that cannot be loaded is asked for again until the server is back, which is told meanwhile", async () => {
  served = null;
  const loading = persistently(part(4));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await loading).toBe("loaded at 5");
  expect(told).toEqual(["away", "away", "away", "away", null]);
});

test("a part of an earlier version is told as such", async () => {
  served = page("two");
  void persistently(part(Number.POSITIVE_INFINITY));
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(["old"]);
  expect(vi.mocked(setTrouble).mock.lastCall?.[0]).toMatchObject({ build: "/assets/index-two.js" });
});

test("a browser that keeps an old failure in mind needs a reload too", async () => {
  void persistently(part(Number.POSITIVE_INFINITY));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told).toEqual(["away", "away", "old"]);
});

test("a network that is found again is a reason to try at once", async () => {
  const loading = persistently(part(1));
  await vi.advanceTimersByTimeAsync(1);
  window.dispatchEvent(new Event("online"));
  expect(await loading).toBe("loaded at 2");
});
