import type { ReviewItem } from "../../../server/types";
import { useReviewContext } from "../context";
import { useItemEditor } from "../stage/useItemEditor";
import { FixView } from "./FixView";
import { JudgeView } from "./JudgeView";
import type { Sitting, SittingState } from "./Sitting";
import { useDesk } from "./useDesk";
import { useWarmAhead } from "./useWarmAhead";

interface OneViewProps {
  sitting: Sitting;
  state: SittingState;
  item: ReviewItem;
}

/** One mask, to be judged or while it is fixed. */
export function OneView({ sitting, state, item }: OneViewProps) {
  const editor = useItemEditor(item, useReviewContext());
  const desk = useDesk(item.id);
  useWarmAhead(state.walk);
  const shared = { sitting, state, item, editor };
  return desk.open === "fix" ? (
    <FixView
      mode="one"
      {...shared}
      pending={desk.pending}
      onAccept={desk.acceptPending}
      onLeave={() => desk.setOpen(null)}
    />
  ) : (
    <JudgeView {...shared} desk={desk} />
  );
}
