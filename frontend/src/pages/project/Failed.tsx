import { useMutation, useQueryClient } from "@tanstack/react-query";
import { at, oneByOne } from "../../server/client";
import { retry } from "../../server/images";
import { keys } from "../../server/keys";
import { everyPage } from "../../server/pages";
import type { ImageInfo } from "../../server/types";
import { count } from "../../ui/bits/number";
import { toastProblem } from "../../ui/bits/toast";
import classes from "./project.module.css";

interface FailedProps {
  projectId: string;
  failed: number;
  what: "embedding" | "proposals";
}

/** For how many images this could not be made, and a way to try them all again. */
export function Failed({ projectId, failed, what }: FailedProps) {
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => retryAll(projectId, what),
    onError: toastProblem,
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(projectId) }),
  });
  return (
    <span className={classes.bad}>
      {count(failed)} failed{" "}
      <button
        type="button"
        className={classes.linkButton}
        disabled={again.isPending}
        onClick={() => again.mutate()}
      >
        Retry
      </button>
    </span>
  );
}

async function retryAll(projectId: string, what: FailedProps["what"]): Promise<void> {
  const images = await everyPage<ImageInfo>(at("/projects/{project}/images", projectId));
  const failed = images.filter((image) => image[what].state === "failed");
  await oneByOne(
    failed.map(({ id }) => id),
    retry,
  );
}
