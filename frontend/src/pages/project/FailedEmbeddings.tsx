import { useMutation, useQueryClient } from "@tanstack/react-query";
import { at, oneByOne, post } from "../../server/client";
import { keys } from "../../server/keys";
import { everyPage } from "../../server/pages";
import type { ImageInfo } from "../../server/types";
import { count } from "../../ui/bits/number";
import { toastProblem } from "../../ui/bits/toast";
import classes from "./project.module.css";

/** How many images could not be embedded, and a way to try them all again. */
export function FailedEmbeddings({ projectId, failed }: { projectId: string; failed: number }) {
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryAll(projectId),
    onError: toastProblem,
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(projectId) }),
  });
  return (
    <span className={classes.bad}>
      {count(failed)} failed{" "}
      <button
        type="button"
        className={classes.linkButton}
        disabled={retry.isPending}
        onClick={() => retry.mutate()}
      >
        Retry
      </button>
    </span>
  );
}

async function retryAll(projectId: string): Promise<void> {
  const images = await everyPage<ImageInfo>(at("/projects/{project}/images", projectId));
  const failed = images.filter(({ embedding }) => embedding.state === "failed");
  await oneByOne(failed, (image) => post(at("/images/{image}/retry", image.id)));
}
