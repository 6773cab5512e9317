import { expect, test, vi } from "vitest";
import { annotation } from "../model/testing";
import { Renderer } from "./Renderer";
import { sceneOf } from "./testing";

const scene = sceneOf({
  viewport: { scale: 0.5, x: 0, y: 0 },
  image: { width: 1000, height: 500 },
  shapes: [
    { annotation: annotation({ id: "a" }), colour: "#56b4e9", emphasis: "normal", outlineOnly: false },
  ],
});

test("nothing is drawn before the page is laid out, and then the view that is seen", async () => {
  vi.useFakeTimers();
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  const host = document.createElement("div");
  const renderer = new Renderer(host);
  const planes = () =>
    [...host.querySelectorAll<HTMLElement>("div > div > div")].map(({ style }) => style.transform);
  renderer.show({ ...scene, screen: { width: 0, height: 0 }, viewport: { scale: 1, x: 0, y: 0 } });
  await vi.advanceTimersByTimeAsync(50);
  expect(planes()).toEqual([]);
  renderer.show(scene);
  await vi.advanceTimersByTimeAsync(50);
  expect(planes()).toHaveLength(1);
  renderer.destroy();
  vi.useRealTimers();
});
