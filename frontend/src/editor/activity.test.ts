import fc from "fast-check";
import { expect, test } from "vitest";
import { Activity, IDLE_AFTER } from "./activity";

test("time counts from one thing done to the next, and half a minute of thinking at most", () => {
  const activity = new Activity();
  for (const now of [0, 10_000, 12_500, 600_000]) activity.act(now);
  expect(activity.take()).toBe(42);
  activity.act(600_500);
  expect(activity.take()).toBe(1);
});

test("time in which the page is not seen does not count", () => {
  const activity = new Activity();
  activity.act(0);
  activity.pause(4_000);
  activity.act(20_000);
  activity.act(21_000);
  expect(activity.take()).toBe(5);
});

test("what could not be told is told next time", () => {
  const activity = new Activity();
  activity.act(0);
  activity.act(3_000);
  activity.giveBack(activity.take());
  expect(activity.take()).toBe(3);
});

test("never counts more than has passed, nor more than half a minute for each thing done", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(gaps, (all) => {
      const activity = new Activity();
      let now = 0;
      activity.act(now);
      for (const gap of all) {
        now += gap;
        activity.act(now);
      }
      const seconds = activity.take();
      expect(seconds * 1000).toBeLessThanOrEqual(Math.min(now, all.length * IDLE_AFTER));
    }),
  );
});

test("a lap is exact, and whoever asks for it is at work", () => {
  const activity = new Activity(10_000);
  activity.lap(0);
  activity.act(1_200);
  expect(activity.lap(1_500)).toBe(1.5);
  expect(activity.lap(60_000)).toBe(10);
});
