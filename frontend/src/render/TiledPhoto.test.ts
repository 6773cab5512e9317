import { expect, test } from "vitest";
import { keyOf, type Tile } from "../geometry/tiles";
import { TiledPhoto, type TileSource } from "./TiledPhoto";

/** A source whose tiles come when the test says so. */
function photoWith() {
  const asked: { tile: Tile; signal: AbortSignal; come: () => void; fail: () => void }[] = [];
  const closed: string[] = [];
  const source: TileSource = {
    pyramid: { image: { width: 9000, height: 9000 }, tileSize: 512, levels: [] },
    load: (tile, signal) =>
      new Promise((resolve, reject) => {
        const bitmap = { close: () => closed.push(keyOf(tile)) } as unknown as ImageBitmap;
        asked.push({ tile, signal, come: () => resolve(bitmap), fail: () => reject(new Error("gone")) });
      }),
  };
  const photo = new TiledPhoto({} as HTMLImageElement, { width: 9000, height: 9000 }, source);
  return { photo, asked, closed };
}

const row = (count: number, y = 0): Tile[] => Array.from({ length: count }, (_, x) => ({ level: 3, x, y }));
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("tiles come a few at a time, in the order that is asked for, and each is told", async () => {
  const { photo, asked } = photoWith();
  let told = 0;
  photo.subscribe(() => told++);
  photo.want(row(6));
  expect(asked.map(({ tile }) => tile.x)).toEqual([0, 1, 2, 3]);
  asked[0]?.come();
  await settled();
  expect(asked.map(({ tile }) => tile.x)).toEqual([0, 1, 2, 3, 4]);
  expect([told, photo.version]).toEqual([1, 1]);
  expect(photo.bitmap({ level: 3, x: 0, y: 0 })).toBeDefined();
});

test("what has been scrolled away is not loaded to its end", async () => {
  const { photo, asked } = photoWith();
  photo.want(row(4));
  photo.want(row(2, 7));
  expect(asked.slice(0, 4).every(({ signal }) => signal.aborted)).toBe(true);
  asked[0]?.come();
  await settled();
  expect(photo.bitmap({ level: 3, x: 0, y: 0 })).toBeUndefined();
  expect(asked.slice(4).map(({ tile }) => tile.y)).toEqual([7, 7]);
});

test("memory is bounded, and what was used last is kept", async () => {
  const { photo, asked, closed } = photoWith();
  photo.subscribe(() => undefined);
  for (let y = 0; y < 300; y++) {
    photo.want(row(1, y));
    asked.at(-1)?.come();
    await settled();
    photo.bitmap({ level: 3, x: 0, y: 0 });
  }
  expect(closed).toHaveLength(300 - 192);
  expect(photo.bitmap({ level: 3, x: 0, y: 0 })).toBeDefined();
  expect(photo.bitmap({ level: 3, x: 0, y: 1 })).toBeUndefined();
});

test("when nobody looks any more, nothing is loaded or kept", async () => {
  const { photo, asked, closed } = photoWith();
  const leave = photo.subscribe(() => undefined);
  photo.want(row(2));
  asked[0]?.come();
  await settled();
  leave();
  expect(closed).toEqual(["3/0/0"]);
  expect(asked[1]?.signal.aborted).toBe(true);
});

test("a tile that could not be loaded leaves the others alone", async () => {
  const { photo, asked } = photoWith();
  photo.want(row(5));
  asked[0]?.fail();
  await settled();
  expect(asked.map(({ tile }) => tile.x)).toEqual([0, 1, 2, 3, 4]);
});
