import { type Box, union } from "../../geometry/box";
import { type Mask, maskContains } from "../../geometry/mask";

export interface Difference {
  /** In both. */
  kept: Mask;
  /** Only in the version that is looked at. */
  added: Mask;
  /** Only in the object as it is now. */
  removed: Mask;
}

/** What bringing `then` back would do to the pixels of `now`. */
export function difference(now: Mask, then: Mask): Difference {
  const box = now.w === 0 ? then : then.w === 0 ? now : union(now, then);
  const where = (wanted: (inNow: boolean, inThen: boolean) => boolean) =>
    filled(box, (x, y) => wanted(maskContains(now, { x, y }), maskContains(then, { x, y })));
  return {
    kept: where((inNow, inThen) => inNow && inThen),
    added: where((inNow, inThen) => inThen && !inNow),
    removed: where((inNow, inThen) => inNow && !inThen),
  };
}

function filled({ x, y, w, h }: Box, isIn: (x: number, y: number) => boolean): Mask {
  const data = new Uint8Array(w * h);
  for (let row = 0; row < h; row++)
    for (let column = 0; column < w; column++)
      if (isIn(x + column + 0.5, y + row + 0.5)) data[row * w + column] = 1;
  return { x, y, w, h, data };
}
