import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link } from "react-router";
import type { Editor } from "../../editor/Editor";
import type { Proposals } from "../../model/proposal";
import { listProposals, retry, useProposals } from "../../server/images";
import { keys } from "../../server/keys";
import { Problem, sentenceOf } from "../../server/problem";
import type { ImageInfo, Project } from "../../server/types";
import { toastProblem } from "../../ui/bits/toast";
import styles from "../../ui/editor/editor.module.css";
import { ProposalsBar } from "../../ui/editor/ProposalsBar";
import { useEditor } from "../../ui/editor/useEditor";

interface ImageProposalsProps {
  editor: Editor;
  image: ImageInfo;
  project: Project;
}

/** Brings the image's proposals into the editor once somebody takes their tool, and says how they stand. */
export function ImageProposals({ editor, image, project }: ImageProposalsProps) {
  const wanted = useEditor(editor, ({ tool }) => tool === "proposals");
  useKnownProposals(editor, image, wanted);
  return wanted ? <ProposalsBar editor={editor} action={<Cure image={image} project={project} />} /> : null;
}

function useKnownProposals(editor: Editor, { id, proposals }: ImageInfo, wanted: boolean): void {
  const client = useQueryClient();
  const ready = proposals.state === "ready";
  const waiting = proposals.state === "queued" || proposals.state === "running";
  const { data, error } = useProposals(id, wanted && ready);
  useEffect(() => {
    // They are made anew, so those from before are no longer the project's.
    if (waiting) client.removeQueries({ queryKey: keys.proposals(id) });
    // Asking puts them next in the queue; without that they come all the same, only later.
    if (waiting && wanted) listProposals(id).catch(() => undefined);
  }, [client, id, waiting, wanted]);
  useEffect(() => {
    // The image's state was older than the server's.
    if (isRefusal(error)) void client.invalidateQueries({ queryKey: keys.image(id) });
  }, [client, id, error]);
  useEffect(() => {
    if (data && ready) editor.setProposals({ kind: "ready", all: data.proposals, model: data.model });
    else editor.setProposals(stateOf(proposals, error));
  }, [editor, data, ready, proposals, error]);
}

const isRefusal = (error: unknown): boolean => error instanceof Problem && error.status === 409;

function stateOf({ state, error }: ImageInfo["proposals"], failure: unknown): Proposals {
  if (state === "failed") return { kind: "failed", reason: error ?? "The worker gave no reason." };
  if (state !== "ready") return { kind: state };
  return failure && !isRefusal(failure)
    ? { kind: "failed", reason: sentenceOf(failure) }
    : { kind: "loading" };
}

/** What this person can do about proposals that are not there. */
function Cure({ image, project }: Pick<ImageProposalsProps, "image" | "project">) {
  const client = useQueryClient();
  const { state } = image.proposals;
  if (state === "off" && project.permissions.includes("project.edit"))
    return (
      <Link className={styles.button} to={`/projects/${project.id}/settings`}>
        Settings
      </Link>
    );
  if (state !== "failed" || !project.permissions.includes("images.upload")) return null;
  const again = async () => {
    await retry(image.id).catch(toastProblem);
    await client.invalidateQueries({ queryKey: keys.image(image.id) });
  };
  return (
    <button type="button" className={styles.button} onClick={again}>
      Try again
    </button>
  );
}
