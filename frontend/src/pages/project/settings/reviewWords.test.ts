import { expect, test } from "vitest";
import { policySentences } from "./reviewWords";

const policy = { below: 1, sample: 0.05, first: 0, second_for: [], own: false };

test("a policy that reviews everything says so, and what the sample is for", () => {
  expect(policySentences(policy, [])).toEqual([
    "Everything that is submitted waits for a reviewer.",
    "Nobody judges what they drew themselves.",
    "5 % are marked as the random sample that figures of quality are about.",
  ]);
});

test("a policy with a threshold says what becomes of the rest", () => {
  const sentences = policySentences({ ...policy, below: 0.8, first: 20, own: true }, ["Sheep", "Grass"]);
  expect(sentences).toEqual([
    "Objects with a confidence below 0.80, or without one, wait for a reviewer. Of the rest 5 % are reviewed, drawn at random; the others are accepted by policy.",
    "Of a new annotator the first 20 are reviewed, however certain.",
    "Two reviewers have to accept Sheep and Grass.",
    "People may judge what they drew themselves.",
  ]);
});

test("without a sample nobody knows how well the rest is", () => {
  const [sentence] = policySentences({ ...policy, below: 0.8, sample: 0 }, []);
  expect(sentence).toMatch(/nobody knows how well/);
});
