import { expect, test } from "vitest";
import type { Assignment, Progress, Project } from "../../server/types";
import { factOf, labelOf, nothingFor, offersFor } from "./offers";

type Roles = Project["my_roles"];

const project = (...my_roles: Roles) => ({
  id: "p",
  my_roles,
  permissions: [
    ...(my_roles.includes("viewer") ? [] : (["annotate"] as const)),
    ...(my_roles.some((role) => role === "manager" || role === "reviewer") ? (["review"] as const) : []),
    ...(my_roles.includes("manager") ? (["assign"] as const) : []),
  ] as Project["permissions"],
});

const progress = (available: number, masks: number, images = 0) =>
  ({
    images: { available, unassigned: available, to_review: images },
    annotations: { submitted: masks },
  }) as unknown as Progress;

const work = (id: string, state: string, of = "p") =>
  ({ image: { id }, state, project: { id: of } }) as unknown as Assignment;

test("an annotator goes on with what came back, then with what is free", () => {
  const mine = [work("a", "open"), work("b", "returned"), work("c", "open", "elsewhere")];
  const offers = offersFor({ project: project("annotator"), progress: progress(11, 90), work: mine });
  expect(offers).toEqual([
    { kind: "continue", image: "b", count: 2 },
    { kind: "next", count: 11 },
  ]);
  expect(offers.map(labelOf)).toEqual(["Continue your 2 images", "Get next image"]);
});

test("a reviewer is not told that nothing waits while masks wait, and not asked to label", () => {
  const offers = offersFor({ project: project("reviewer"), progress: progress(11, 90, 1), work: [] });
  expect(offers).toEqual([{ kind: "review", masks: 90, images: 1 }]);
  expect(offers.map(labelOf)).toEqual(["Review 90 masks and 1 image"]);
  expect(offers.map(factOf)).toEqual(["90 masks and 1 image wait for review."]);
});

test("images that wait for others only are not offered", () => {
  const known = { project: project("reviewer"), progress: progress(0, 0, 1), work: [] };
  expect(offersFor({ ...known, images: 0 })).toEqual([]);
});

test("a manager who does not label assigns, and one who has just labeled gets the next image", () => {
  const known = { project: project("manager"), progress: progress(1, 0), work: [] };
  expect(offersFor(known)).toEqual([{ kind: "assign", count: 1 }]);
  expect(offersFor({ ...known, labels: true })).toEqual([{ kind: "next", count: 1 }]);
});

test("the sentence shown where there is nothing to do is true for each role", () => {
  expect(nothingFor(project("annotator"))).toBe("Every image is assigned or finished.");
  expect(nothingFor(project("reviewer"))).toBe("Nothing waits for review.");
  expect(nothingFor(project("annotator", "reviewer"))).toBe(
    "Every image is assigned or finished. Nothing waits for review.",
  );
  expect(nothingFor(project("viewer"))).toBe("You can view this project but not edit it.");
});
