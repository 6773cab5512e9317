import fc from "fast-check";
import { expect, test } from "vitest";
import { countIn, type Density, layoutFor, USUAL } from "./layout";

const rooms = fc.record({
  width: fc.integer({ min: 360, max: 4000 }),
  height: fc.integer({ min: 240, max: 2200 }),
});
const densities = fc.constantFrom<Density>(0, 1, 2, 3);

test("a sheet fills the screen without reaching over it, and is no larger than what can be claimed", () => {
  fc.assert(
    fc.property(rooms, densities, (room, density) => {
      const layout = layoutFor(room, density);
      const { columns, rows, width, height } = layout;
      expect(columns * (width + 16 + 12) + 12).toBeLessThanOrEqual(room.width);
      if (height > 48) expect(rows * (height + 64 + 12) + 12).toBeLessThanOrEqual(room.height);
      expect(countIn(layout)).toBeGreaterThan(0);
      expect(countIn(layout)).toBeLessThanOrEqual(60);
    }),
  );
});

test("the usual screens show a good handful", () => {
  const count = (width: number, height: number, density: Density) =>
    countIn(layoutFor({ width, height }, density));
  expect(count(1440, 794, USUAL)).toBe(15);
  expect(count(1024, 662, USUAL)).toBe(6);
  expect(count(1440, 794, 0)).toBeGreaterThan(40);
});
