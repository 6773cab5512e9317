import { Button } from "@mantine/core";
import { IconChecks, IconPencil, IconPhotoPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { useMyAssignments } from "../../server/me";
import { useProgress } from "../../server/projects";
import type { Assignment, Project } from "../../server/types";
import { count } from "../../ui/bits/number";
import { useTakeNext } from "../../ui/next/useTakeNext";
import { may } from "./context";
import classes from "./project.module.css";

interface ActionProps {
  project: Project;
  primary: boolean;
}

interface ActionsProps extends ActionProps {
  pickFiles: () => void;
}

/** On the images' tab one is primary: what a person with these roles most likely came for. Other tabs have their own. */
export function Actions({ project, primary: onImages, pickFiles }: ActionsProps) {
  const uploads = may(project, "images.upload");
  const labels = project.my_roles.includes("annotator");
  const actions: ((primary: boolean) => ReactNode)[] = [];
  if (may(project, "review"))
    actions.push((primary) => <ReviewLink key="review" {...{ project, primary }} />);
  if (labels) actions.push((primary) => <Label key="label" {...{ project, primary }} />);
  if (uploads) actions.push((primary) => <Add key="add" {...{ primary, pickFiles }} />);
  return (
    <div className={classes.actions}>
      {actions.map((action, index) => action(onImages && index === actions.length - 1))}
    </div>
  );
}

const look = (primary: boolean) => (primary ? "filled" : "default");

const Add = ({ primary, pickFiles }: { primary: boolean; pickFiles: () => void }) => (
  <Button variant={look(primary)} leftSection={<IconPhotoPlus size={16} />} onClick={pickFiles}>
    Add images
  </Button>
);

function ReviewLink({ project, primary }: ActionProps) {
  const { data: progress } = useProgress(project.id);
  const waiting = (progress?.annotations.submitted ?? 0) + (progress?.images.to_review ?? 0);
  return (
    <Button
      component={Link}
      to={`/projects/${project.id}/review`}
      variant={look(primary)}
      leftSection={<IconChecks size={16} />}
    >
      Review · {count(waiting)} waiting
    </Button>
  );
}

/** Goes on with my open work here (what came back first), else takes the next free image. */
function Label({ project, primary }: ActionProps) {
  const { data: work = [] } = useMyAssignments();
  const navigate = useNavigate();
  const { take, isPending } = useTakeNext(project.id);
  const mine = myNext(work, project.id);
  return (
    <Button
      variant={look(primary)}
      leftSection={<IconPencil size={16} />}
      loading={isPending}
      onClick={() => (mine ? navigate(`/images/${mine.image.id}?from=mine`) : take())}
    >
      {mine ? "Continue labeling" : "Get next image"}
    </Button>
  );
}

export function myNext(work: Assignment[], projectId: string): Assignment | undefined {
  const here = work.filter((item) => item.project.id === projectId);
  return here.find((item) => item.state === "returned") ?? here[0];
}
