import { expect, test } from "vitest";
import { FIRST_PACE, learnt, type Pace, roomFor } from "./pace";

const after = (frames: number, milliseconds: (shapes: number) => number): Pace => {
  let pace = FIRST_PACE;
  for (let i = 0; i < frames; i++) {
    const shapes = roomFor(pace, 8);
    pace = learnt(pace, shapes, milliseconds(shapes));
  }
  return pace;
};

test("frames come to last as long as they may, on fast machines and on slow ones", () => {
  for (const cost of [0.01, 0.1, 0.35]) {
    const pace = after(40, (shapes) => shapes * cost);
    expect(roomFor(pace, 8) * cost).toBeGreaterThan(6);
    expect(roomFor(pace, 8) * cost).toBeLessThanOrEqual(9);
  }
});

test("something is drawn in every frame, however slow the machine, and few shapes teach nothing", () => {
  expect(
    roomFor(
      after(40, () => 5000),
      8,
    ),
  ).toBeGreaterThanOrEqual(1);
  expect(learnt(FIRST_PACE, 3, 500)).toEqual(FIRST_PACE);
});
