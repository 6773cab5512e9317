import { describe, expect, test } from "vitest";
import { diff, isEmpty, sameContent } from "./diff";
import { annotation, imageOf } from "./testing";

const saved = imageOf(annotation(), annotation({ id: "a2", z: 1, version: 4 })).annotations;

describe("diff", () => {
  test("nothing changed is nothing to send", () => {
    expect(isEmpty(diff(saved, saved))).toBe(true);
  });

  test("a class change is one update with only that field, on the version it was made on", () => {
    const now = imageOf(
      annotation(),
      annotation({ id: "a2", z: 1, version: 4, class_id: "grass" }),
    ).annotations;
    expect(diff(saved, now)).toEqual({
      create: [],
      update: [{ id: "a2", version: 4, class_id: "grass" }],
      delete: [],
    });
  });

  test("a new geometry goes with where it came from, and an old one leaves the origin alone", () => {
    const segmentation = { size: [8, 8], counts: "1260`1" } as const;
    const refined = { segmentation, predicted_iou: 0.5, prompts: [{ points: [], box: null, mask: true }] };
    const one = imageOf(annotation()).annotations;
    expect(diff(one, imageOf(annotation(refined)).annotations).update).toEqual([
      { id: "a1", version: 1, ...refined },
    ]);
    expect(isEmpty(diff(one, imageOf(annotation({ predicted_iou: 0.5 })).annotations))).toBe(true);
  });

  test("a new annotation goes with where it came from and without what the server decides", () => {
    const [creation] = diff(new Map(), imageOf(annotation()).annotations).create;
    expect(creation).toMatchObject({ id: "a1", source: "sam", chosen_rank: 0, prompts: [] });
    expect(creation).not.toHaveProperty("version");
    expect(creation).not.toHaveProperty("state");
  });

  test("a missing annotation is deleted at the version we knew", () => {
    expect(diff(saved, imageOf(annotation()).annotations).delete).toEqual([{ id: "a2", version: 4 }]);
  });

  test("what the server decides does not count as a change", () => {
    const newer = annotation({ version: 9, state: "accepted", confidence: 0.1 });
    expect(sameContent(annotation(), newer)).toBe(true);
    expect(sameContent(annotation(), annotation({ segmentation: { size: [8, 8], counts: "0" } }))).toBe(
      false,
    );
  });
});
