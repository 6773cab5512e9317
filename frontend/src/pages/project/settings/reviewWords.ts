import type { Project } from "../../../server/types";

export type ReviewPolicy = Required<Project["review"]>;

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

/** What a policy has reviewers look at, in sentences. `classes` are the names of those that two have to accept. */
export function policySentences(policy: ReviewPolicy, classes: readonly string[]): string[] {
  const { below, sample, first, own } = policy;
  return [
    below >= 1
      ? "Everything that is submitted waits for a reviewer."
      : `${reviewed(below)} ${theRest(sample)}`,
    first > 0 && below < 1 ? `Of a new annotator the first ${first} are reviewed, however certain.` : "",
    classes.length > 0 ? `Two reviewers have to accept ${listed(classes)}.` : "",
    own ? "People may judge what they drew themselves." : "Nobody judges what they drew themselves.",
    below >= 1 && sample > 0
      ? `${percent(sample)} are marked as the random sample that figures of quality are about.`
      : "",
  ].filter((sentence) => sentence !== "");
}

const reviewed = (below: number): string =>
  below > 0
    ? `Objects with a confidence below ${below.toFixed(2)}, or without one, wait for a reviewer.`
    : "Nothing is reviewed because of its confidence.";

const theRest = (sample: number): string =>
  sample > 0
    ? `Of the rest ${percent(sample)} are reviewed, drawn at random; the others are accepted by policy.`
    : "The rest is accepted by policy, and nobody knows how well.";

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
