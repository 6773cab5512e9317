import type { Assigned } from "../../../server/assignments";
import { counted } from "../../../ui/bits/number";

type Outcome = Assigned["results"][number]["outcome"];

const countOf = ({ results }: Assigned, ...outcomes: Outcome[]): number =>
  results.filter(({ outcome }) => outcomes.includes(outcome)).length;

/** The images that were left because they are submitted or done. */
export const leftOf = ({ results }: Assigned): string[] =>
  results.filter(({ outcome }) => outcome === "left").map(({ image }) => image);

const sentences = (...parts: (string | false)[]): string => parts.filter(Boolean).join(" ");

const leftSentence = (made: Assigned): string | false => {
  const left = countOf(made, "left");
  return (
    left > 0 &&
    `${counted(left, "submitted or finished image was", "submitted or finished images were")} left unchanged.`
  );
};

export function assignedSentence(made: Assigned, name: string): string {
  const [moved, already] = [countOf(made, "reassigned"), countOf(made, "already")];
  return sentences(
    `${counted(countOf(made, "assigned") + moved, "image")} assigned to ${name}.`,
    moved > 0 && `${counted(moved, "of them was", "of them were")} taken from someone else.`,
    already > 0 && `${counted(already, "image was", "images were")} already assigned to them.`,
    leftSentence(made),
  );
}

export function unassignedSentence(made: Assigned): string {
  const already = countOf(made, "already");
  return sentences(
    `${counted(countOf(made, "unassigned"), "image")} unassigned.`,
    countOf(made, "unassigned") > 0 && "Existing annotations stay.",
    already > 0 && `${counted(already, "image was", "images were")} already unassigned.`,
    leftSentence(made),
  );
}
