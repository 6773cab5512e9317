import { beforeEach, expect, test, vi } from "vitest";
import { annotation } from "../model/testing";
import { ShapesLayer } from "./ShapesLayer";
import type { Scene, Shape } from "./scene";
import { sceneOf } from "./testing";

// jsdom draws nothing: what is looked at is which canvases there are, and what is asked of them.
const called: Record<"clearRect" | "fill" | "drawImage", number> = { clearRect: 0, fill: 0, drawImage: 0 };
const context = new Proxy(
  {},
  {
    get: (_, name: string) => () => {
      if (name in called) called[name as keyof typeof called]++;
    },
    set: () => true,
  },
);

beforeEach(() => {
  vi.stubGlobal(
    "Path2D",
    class {
      moveTo() {}
      lineTo() {}
      rect() {}
      closePath() {}
    },
  );
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as CanvasRenderingContext2D);
  Object.assign(called, { clearRect: 0, fill: 0, drawImage: 0 });
});

const boxAt = (id: string, x: number): Shape => ({
  annotation: annotation({
    id,
    kind: "polygon",
    segmentation: null,
    polygon: [[[x, 10, x + 20, 10, x + 20, 30, x, 30]]],
    bbox: [x, 10, 20, 20],
  }),
  colour: "#56b4e9",
  emphasis: "normal",
  outlineOnly: false,
});

const scene = (fields: Partial<Scene>): Scene => sceneOf({ image: { width: 2000, height: 240 }, ...fields });

/** Shows a scene until nothing more is to be drawn; answers how many frames that took. */
function settle(layer: ShapesLayer, one: Scene, resting = true): number {
  let frames = 1;
  while (layer.show(one, resting)) if (++frames > 500) throw new Error("It never comes to rest.");
  return frames;
}

const planes = (host: HTMLElement) => [...host.children] as HTMLElement[];
const visible = (host: HTMLElement) => planes(host).filter(({ style }) => style.visibility === "visible");

test("where there are many masks the first frame is the photograph's alone", () => {
  const few = new ShapesLayer(document.createElement("div"));
  few.show(scene({ shapes: [boxAt("a", 10)] }), true);
  expect(called.fill, "a mask comes with the photograph").toBe(1);
  const many = new ShapesLayer(document.createElement("div"));
  const crowd = scene({ shapes: Array.from({ length: 400 }, (_, i) => boxAt(`${i}`, i)) });
  called.fill = 0;
  expect(many.show(crowd, true), "there is more to be drawn").toBe(true);
  expect(called.fill).toBe(0);
  many.show(crowd, true);
  expect(called.fill).toBeGreaterThan(0);
});

test("moving the view draws nothing that was drawn before", () => {
  const host = document.createElement("div");
  const layer = new ShapesLayer(host);
  const shapes = [boxAt("a", 40), boxAt("b", 300)];
  settle(layer, scene({ shapes }));
  called.fill = 0;
  settle(layer, scene({ shapes, viewport: { scale: 1, x: -60, y: 4 } }), false);
  expect(called.fill).toBe(0);
  expect(visible(host)[0]?.style.transform).toBe("matrix(1,0,0,1,-60,4)");
});

test("only where something lies there is a canvas, also when it comes later", () => {
  const host = document.createElement("div");
  const layer = new ShapesLayer(host);
  const canvases = () => host.querySelectorAll("canvas").length;
  settle(layer, scene({ shapes: [] }));
  expect(canvases()).toBe(0);
  const [a, b] = [boxAt("a", 40), boxAt("b", 300)];
  settle(layer, scene({ shapes: [a] }));
  expect(canvases()).toBe(1);
  called.fill = 0;
  settle(layer, scene({ shapes: [a, b] }));
  expect([canvases(), called.fill], "b is drawn, a is left alone").toEqual([2, 1]);
});

test("an edit draws anew only where something changed", () => {
  const layer = new ShapesLayer(document.createElement("div"));
  const shapes = [boxAt("a", 40), boxAt("b", 300)];
  settle(layer, scene({ shapes }));
  Object.assign(called, { clearRect: 0, fill: 0 });
  settle(layer, scene({ shapes: shapes.slice(0, 1) }));
  expect(called).toMatchObject({ clearRect: 1, fill: 0 });
});

test("while people zoom the old picture is scaled, and the new one is seen when it is whole", () => {
  const host = document.createElement("div");
  const layer = new ShapesLayer(host);
  const shapes = Array.from({ length: 900 }, (_, i) => boxAt(`${i}`, 2 * i));
  settle(layer, scene({ shapes }));
  const [before] = visible(host);
  const near = scene({ shapes, viewport: { scale: 0.5, x: 0, y: 0 } });
  expect(layer.show(near, false)).toBe(false);
  expect(before?.style.transform).toBe("matrix(0.5,0,0,0.5,0,0)");
  layer.show(near, true);
  expect(visible(host)).toEqual([before]);
  settle(layer, near);
  expect(visible(host)).toHaveLength(1);
  expect(visible(host)[0]).not.toBe(before);
  expect(called.drawImage).toBeGreaterThan(0);
});

test("a picture of few things is drawn anew in steps while people zoom, and not with every move", () => {
  const host = document.createElement("div");
  const layer = new ShapesLayer(host);
  const shapes = [boxAt("a", 40)];
  settle(layer, scene({ shapes }));
  const [before] = visible(host);
  const zoomed = (scale: number) => scene({ shapes, viewport: { scale, x: 0, y: 0 } });
  layer.show(zoomed(1.2), false);
  expect(visible(host)).toEqual([before]);
  layer.show(zoomed(1.5), false);
  expect(visible(host)).toHaveLength(1);
  expect(visible(host)[0]).not.toBe(before);
});

test("going back to a view that was drawn draws nothing, and few pictures are kept", () => {
  const host = document.createElement("div");
  const layer = new ShapesLayer(host);
  const shapes = [boxAt("a", 40)];
  const far = scene({ shapes });
  settle(layer, far);
  settle(layer, scene({ shapes, viewport: { scale: 2, x: 0, y: 0 } }));
  Object.assign(called, { fill: 0 });
  settle(layer, far);
  expect(called.fill).toBe(0);
  for (const scale of [3, 4, 5, 6]) settle(layer, scene({ shapes, viewport: { scale, x: 0, y: 0 } }));
  expect(planes(host)).toHaveLength(3);
  expect(visible(host)).toHaveLength(1);
});
