import { Button } from "@mantine/core";
import { Link } from "react-router";
import { useMyAssignments } from "../../../server/me";
import { Problem, sentenceOf } from "../../../server/problem";
import { useProgress } from "../../../server/projects";
import { useImagesToReview } from "../../../server/review";
import { counted } from "../../../ui/bits/number";
import { Offers } from "../../../ui/next/Offers";
import { factOf, type Offer, offersFor } from "../../../ui/next/offers";
import { Message } from "../../editor/Around";
import { useReviewContext } from "../context";
import { useReviewFilters } from "../filters/useReviewFilters";

interface NothingShownProps {
  /** Why nothing can be shown; null where there is nothing. */
  error?: unknown;
  /** In the whole project. */
  waiting: number;
  /** Passed over in this sitting. */
  skipped?: number;
  /** Asks the server once more. */
  again: () => void;
}

/** Why there is nothing to judge, and what to do about it. */
export function NothingShown({ error, waiting, skipped = 0, again }: NothingShownProps) {
  const { project } = useReviewContext();
  const { narrowed, clear } = useReviewFilters();
  const { offers: instead, ofOthers } = useInstead(!error && !narrowed && skipped === 0);
  const [title, sentence] = told({ error, waiting, skipped, narrowed, ofOthers });
  return (
    <Message
      title={title}
      actions={
        <>
          {narrowed && <Button onClick={clear}>Clear the filters</Button>}
          <Offers projectId={project.id} offers={instead} focused />
          <Button variant={narrowed || instead.length > 0 ? "default" : "filled"} onClick={again}>
            Look again
          </Button>
          <Button variant="default" component={Link} to={`/projects/${project.id}`}>
            Back to the project
          </Button>
        </>
      }
    >
      {[sentence, ...instead.map(factOf)].join(" ")}
    </Message>
  );
}

interface Instead {
  readonly offers: readonly Offer[];
  /** Images that wait for a reviewer, but not for this one, whose own they are. */
  readonly ofOthers: number;
}

/** The next steps of a reviewer for whom no mask waits. */
function useInstead(asked: boolean): Instead {
  const { project } = useReviewContext();
  const { data: progress } = useProgress(project.id);
  const { data: work = [] } = useMyAssignments();
  const images = useImagesToReview(project.id, asked).data?.waiting ?? 0;
  if (!asked) return { offers: [], ofOthers: 0 };
  const others = offersFor({ project, progress, work }).filter(({ kind }) => kind !== "review");
  const offers: Offer[] = images > 0 ? [{ kind: "review", masks: 0, images }, ...others] : others;
  return { offers, ofOthers: Math.max((progress?.images.to_review ?? 0) - images, 0) };
}

function told({
  error,
  waiting,
  skipped,
  narrowed,
  ofOthers,
}: Required<Omit<NothingShownProps, "again">> & { narrowed: boolean; ofOthers: number }): [
  title: string,
  sentence: string,
] {
  if (error) {
    const impossible = error instanceof Problem && error.status === 400;
    return [impossible ? "These filters cannot be" : "The queue cannot be shown", sentenceOf(error)];
  }
  if (skipped > 0)
    return [
      "Nothing else waits for you",
      `You passed over ${counted(skipped, "mask")}; they come again when you look again.`,
    ];
  if (narrowed)
    return [
      "Nothing matches these filters",
      `${counted(waiting, "mask")} in all of the project wait for a verdict.`,
    ];
  if (waiting > 0)
    return [
      "Nothing waits for you",
      `${counted(waiting, "mask")} wait, but others look at them now, or they are yours, or you have accepted them already.`,
    ];
  if (ofOthers > 0)
    return [
      "Nothing waits for you",
      `${counted(ofOthers, "image waits", "images wait")} for another reviewer, because you labeled ${ofOthers === 1 ? "it" : "them"}.`,
    ];
  return ["Nothing waits for review", "Masks come here when annotators submit their images."];
}
