import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Polygon } from "./polygon";
import { rasterise } from "./polygon";
import { decodeRle, encodeRle } from "./rle";
import { crop } from "./testing";

interface Vectors {
  masks: { name: string; size: [number, number]; mask: string[]; counts: string }[];
  polygons: { name: string; size: [number, number]; polygon: Polygon; counts: string }[];
}

const file = resolve(import.meta.dirname, "../../../tests/contract/masks.json");
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;
const bitmap = (rows: string[]) => rows.map((row) => [...row].map(Number));

describe("the vectors shared with the server", () => {
  test.each(vectors.masks)("mask: $name", ({ size, mask, counts }) => {
    const pixels = crop(bitmap(mask));
    expect(decodeRle({ size, counts })).toEqual(pixels);
    expect(encodeRle(pixels, { width: size[1], height: size[0] })).toEqual({ size, counts });
  });

  test.each(vectors.polygons)("polygon: $name", ({ size, polygon, counts }) => {
    const pixels = rasterise(polygon, { width: size[1], height: size[0] });
    expect(encodeRle(pixels, { width: size[1], height: size[0] })).toEqual({ size, counts });
  });
});
