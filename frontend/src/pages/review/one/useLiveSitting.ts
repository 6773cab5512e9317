import { useQueryClient } from "@tanstack/react-query";
import { getAnnotation } from "../../../server/annotations";
import { keys } from "../../../server/keys";
import { Problem } from "../../../server/problem";
import type { ProjectEvent, ReviewItem } from "../../../server/types";
import { useProjectEvents } from "../../../sync/events";
import { useReviewContext } from "../context";
import type { Sitting } from "./Sitting";
import { openOf, shownOf } from "./walk";

/** What others do to masks of this sitting appears by itself, and is said of the one that is shown. */
export function useLiveSitting(sitting: Sitting): void {
  const { me, project } = useReviewContext();
  const client = useQueryClient();
  const onEvent = (event: ProjectEvent) => {
    if (event.kind === "assignment.changed") void sitting.refill();
    if (event.kind === "annotations.taken_back") void fetchAnew(sitting);
    if (event.actor === null || event.actor.id === me.id || !event.object) return;
    if (event.image && event.kind.startsWith("annotation."))
      void client.invalidateQueries({ queryKey: keys.annotations(event.image) });
    takeIn(sitting, event, event.object, event.actor.name).catch(() => undefined);
  };
  useProjectEvents(project.id, onEvent, () => void fetchAnew(sitting));
}

/** Fetches each mask without a verdict again, because events about the masks of this sitting were missed. */
async function fetchAnew(sitting: Sitting): Promise<void> {
  const fetchOne = async ({ id, version }: ReviewItem) => {
    try {
      const annotation = await getAnnotation(id);
      // A restored backup has an older version, which the queue will bring again.
      // Annotations of a submission that was taken back wait no more.
      if (annotation.version < version || annotation.state === "draft") sitting.drop(id, null);
      else sitting.replace(annotation);
    } catch (error) {
      if (error instanceof Problem && error.status === 404) sitting.drop(id, null);
    }
  };
  await Promise.all(openOf(sitting.getSnapshot().walk).map(fetchOne));
  await sitting.refill();
}

async function takeIn(sitting: Sitting, event: ProjectEvent, id: string, who: string): Promise<void> {
  const { walk } = sitting.getSnapshot();
  if (!walk.items.some((item) => item.id === id) || walk.given.has(id)) return;
  const isShown = () => shownOf(sitting.getSnapshot().walk)?.id === id;
  switch (event.kind) {
    case "annotation.changed":
    case "annotation.restored":
      sitting.replace(await getAnnotation(id));
      // The reviewer may have gone on while it was fetched.
      if (isShown()) sitting.say(`${who} changed this just now: look at it again.`);
      break;
    case "annotation.deleted":
      sitting.drop(id, isShown() ? `${who} deleted the one that you looked at.` : null);
      break;
    case "verdict.given":
      sitting.drop(id, isShown() ? `${who} has judged the one that you looked at.` : null);
  }
}
