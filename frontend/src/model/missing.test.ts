import { expect, test } from "vitest";
import { drawnAtPin } from "./missing";
import { annotation, imageOf } from "./testing";

const pin = { thread: "t", x: 5, y: 5 };
const always = () => true;

test("an object over a pin, or beside it, answers the pin", () => {
  const over = annotation({ id: "over", kind: "box", segmentation: null, bbox: [4, 4, 3, 3] });
  const beside = annotation({ id: "beside", kind: "box", segmentation: null, bbox: [5.2, 4, 2, 2] });
  const away = annotation({ id: "away", kind: "box", segmentation: null, bbox: [0, 0, 2, 2] });
  expect(drawnAtPin([pin], imageOf(away, over), always)?.annotation.id).toBe("over");
  expect(drawnAtPin([pin], imageOf(away, beside), always)?.annotation.id).toBe("beside");
  expect(drawnAtPin([pin], imageOf(away), always)).toBeNull();
});

test("an object that was there when the pin was placed does not answer it", () => {
  const over = annotation({ id: "over", kind: "box", segmentation: null, bbox: [4, 4, 3, 3] });
  expect(drawnAtPin([pin], imageOf(over), ({ id }) => id !== "over")).toBeNull();
});
