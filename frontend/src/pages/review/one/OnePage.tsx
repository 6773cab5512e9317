import { Skeleton } from "../../editor/Around";
import { useReviewFilters } from "../filters/useReviewFilters";
import { NothingShown } from "../frame/NothingShown";
import { ReviewFrame } from "../frame/ReviewFrame";
import { JudgedPage } from "./JudgedPage";
import { OneView } from "./OneView";
import { useLiveSitting } from "./useLiveSitting";
import { useSitting, useSittingState } from "./useSitting";
import { shownOf, skippedOf } from "./walk";

/** `/projects/:id/review`: one mask after the other. */
export default function OnePage() {
  const { verdict } = useReviewFilters();
  return verdict === "waiting" ? <WaitingPage /> : <JudgedPage />;
}

function WaitingPage() {
  const sitting = useSitting();
  const state = useSittingState(sitting);
  useLiveSitting(sitting);
  const item = shownOf(state.walk);
  if (item) return <OneView sitting={sitting} state={state} item={item} />;
  if (!state.error && (state.asking || state.waiting === undefined)) return <Skeleton />;
  return (
    <ReviewFrame mode="one" waiting={state.waiting} commands={[]}>
      <NothingShown
        error={state.error}
        waiting={state.waiting ?? 0}
        skipped={skippedOf(state.walk).length}
        again={sitting.start}
      />
    </ReviewFrame>
  );
}
