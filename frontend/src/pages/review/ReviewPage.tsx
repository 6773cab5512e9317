import { Button } from "@mantine/core";
import { useEffect } from "react";
import { Link, useParams } from "react-router";
import type { LabelClass, Person } from "../../model/annotation";
import { useMe } from "../../server/me";
import { useClasses, useProject } from "../../server/projects";
import type { Project } from "../../server/types";
import { Failed, Message, Skeleton } from "../editor/Around";
import { ReviewView } from "./ReviewView";
import { useReview } from "./useReview";

/** `/projects/:id/review`: the masks that wait for a verdict, the least certain first. */
export default function ReviewPage() {
  const { id = "" } = useParams();
  const [me, project, classes] = [useMe(), useProject(id), useClasses(id)];
  useEffect(() => {
    document.title = `Review${project.data ? ` · ${project.data.name}` : ""} · Maskwright`;
  }, [project.data]);
  const failed = [me, project, classes].find(({ error }) => error);
  if (failed) return <Failed error={failed.error} what="review queue" retry={() => void failed.refetch()} />;
  if (!me.data || !project.data || !classes.data) return <Skeleton />;
  if (!project.data.permissions.includes("review")) return <NotAReviewer project={project.data} />;
  return <Queue me={me.data} project={project.data} classes={classes.data} />;
}

interface QueueProps {
  me: Person;
  project: Project;
  classes: readonly LabelClass[];
}

function Queue({ me, project, classes }: QueueProps) {
  const review = useReview(project.id);
  const { queue, item, skipped, restart } = review;
  if (queue.phase === "failed") return <Failed error={queue.error} what="review queue" retry={restart} />;
  if (queue.phase === "empty") return <Empty project={project} skipped={skipped} restart={restart} />;
  if (!item) return <Skeleton />;
  return <ReviewView project={project} classes={classes} me={me} review={review} item={item} />;
}

const BackToProject = ({ id, primary = false }: { id: string; primary?: boolean }) => (
  <Button component={Link} to={`/projects/${id}`} variant={primary ? "filled" : "default"}>
    Back to the project
  </Button>
);

interface EmptyProps {
  project: Project;
  skipped: number;
  restart: () => void;
}

const Empty = ({ project, skipped, restart }: EmptyProps) => (
  <Message
    title="Nothing waits for review"
    actions={
      <>
        <BackToProject id={project.id} primary />
        <Button variant="default" onClick={restart}>
          Look again
        </Button>
      </>
    }
  >
    {skipped > 0
      ? `You skipped ${skipped} ${skipped === 1 ? "mask" : "masks"}; they come again when you look again.`
      : "Masks come here when annotators submit their images."}
  </Message>
);

const NotAReviewer = ({ project }: { project: Project }) => (
  <Message title="Review is for reviewers" actions={<BackToProject id={project.id} primary />}>
    Your roles in {project.name} do not include judging masks. A manager of the project can give you the role.
  </Message>
);
