import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { nextAssignment } from "../../server/assignments";
import { useCreation } from "../../server/creation";
import { keys } from "../../server/keys";
import { toastDone, toastProblem } from "../bits/toast";

/** Gets the next free image of a project and opens it. */
export function useTakeNext(projectId: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { mutate, isPending } = useCreation({
    create: (_: undefined, opId) => nextAssignment(projectId, opId),
    onCreated: (item) => {
      void client.invalidateQueries({ queryKey: keys.progress(projectId) });
      if (!item) return toastDone("Nothing is left to label here: every image is assigned or finished.");
      void client.invalidateQueries({ queryKey: keys.myAssignments });
      return navigate(`/images/${item.image.id}?from=mine`);
    },
  });
  return { take: () => mutate(undefined, { onError: toastProblem }), isPending };
}
