import { expect, test } from "vitest";
import { annotation } from "../../../model/testing";
import type { Walk } from "../one/walk";
import { rowsOf } from "./standings";

test("objects are in the order of the queue: doubtful, unknown, sure", () => {
  const walk = { items: [], given: new Map() } as unknown as Walk;
  const confidences = [0.9, null, 0.2, 0.5];
  const objects = confidences.map((confidence, i) => annotation({ id: `a${i}`, confidence }));
  const order = rowsOf(objects, walk).map((row) => row.annotation.confidence);
  expect(order).toEqual([0.2, 0.5, null, 0.9]);
});
