import fc from "fast-check";
import { expect, test } from "vitest";
import { FILTERS, isNarrowed, queryOf, VERDICTS, viewOf } from "./filters";

const view = fc.record({
  filters: fc
    .dictionary(fc.constantFrom(...FILTERS), fc.string({ minLength: 1 }))
    .map((filters) => ({ ...filters })),
  verdict: fc.constantFrom(...VERDICTS),
});

test("an address reproduces the view that it was made of", () => {
  fc.assert(
    fc.property(view, (shown) => {
      expect(viewOf(new URLSearchParams(queryOf(shown)))).toEqual(shown);
    }),
  );
});

test("the whole of what waits has a plain address", () => {
  const whole = viewOf(new URLSearchParams("verdict=nonsense&other=1&q="));
  expect(whole).toEqual({ filters: {}, verdict: "waiting" });
  expect(queryOf(whole)).toBe("");
  expect(isNarrowed(whole)).toBe(false);
  expect(isNarrowed(viewOf(new URLSearchParams("q=sheep")))).toBe(true);
});
