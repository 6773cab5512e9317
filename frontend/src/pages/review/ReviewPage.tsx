import { Button } from "@mantine/core";
import { Suspense, useEffect, useMemo, useState } from "react";
import { Link, Outlet, useParams } from "react-router";
import type { Keymap } from "../../editor/keymap";
import { recall, remember } from "../../editor/personal";
import type { LabelClass, Person } from "../../model/annotation";
import { useMe } from "../../server/me";
import { useClasses, useProject } from "../../server/projects";
import type { Project } from "../../server/types";
import { useLiveProject } from "../../sync/refresh";
import { Failed, Message, Skeleton } from "../editor/Around";
import type { ReviewContext } from "./context";
import { Outgoing } from "./outgoing";
import { usePace } from "./pace";
import { useHeartbeat } from "./useHeartbeat";
import { useRelease } from "./useRelease";

/** `/projects/:id/review`: what waits for a verdict, the least certain first, in one of several modes. */
export default function ReviewPage() {
  const { id = "" } = useParams();
  const [me, project, classes] = [useMe(), useProject(id), useClasses(id)];
  useEffect(() => {
    document.title = `Review${project.data ? ` · ${project.data.name}` : ""} · Maskwright`;
  }, [project.data]);
  // What is here stays when it cannot be asked for anew: a reviewer is at work on it.
  const failed = [me, project, classes].find(({ data, error }) => error && !data);
  if (failed) return <Failed error={failed.error} what="review queue" retry={() => void failed.refetch()} />;
  if (!me.data || !project.data || !classes.data) return <Skeleton />;
  if (!project.data.permissions.includes("review")) return <NotAReviewer project={project.data} />;
  return <Reviewing me={me.data} project={project.data} classes={classes.data} />;
}

interface ReviewingProps {
  me: Person;
  project: Project;
  classes: readonly LabelClass[];
}

function Reviewing({ me, project, classes }: ReviewingProps) {
  const pace = usePace();
  const outgoing = useOutgoing();
  useHeartbeat(project.id);
  useRelease(project.id, outgoing);
  useLiveProject(project.id);
  const keys = useKeymap(me.id);
  const context: ReviewContext = { me, project, classes, pace, outgoing, ...keys };
  return (
    <Suspense fallback={<Skeleton />}>
      <Outlet context={context} />
    </Suspense>
  );
}

/** What a person has set is kept beside what they set in the editor. */
function useKeymap(person: string): Pick<ReviewContext, "keymap" | "setKeymap"> {
  const [keymap, setKeymap] = useState(() => recall(person).keymap);
  const set = (changed: Keymap) => {
    setKeymap(changed);
    remember(person, { ...recall(person), keymap: changed });
  };
  return { keymap, setKeymap: set };
}

/** Whoever leaves while verdicts are on their way is asked whether they mean it. */
function useOutgoing(): Outgoing {
  const outgoing = useMemo(() => new Outgoing(), []);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => outgoing.pending > 0 && event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [outgoing]);
  return outgoing;
}

const NotAReviewer = ({ project }: { project: Project }) => (
  <Message
    title="Review is for reviewers"
    actions={
      <Button component={Link} to={`/projects/${project.id}`}>
        Back to the project
      </Button>
    }
  >
    Your roles in {project.name} do not include judging masks. A manager of the project can give you the role.
  </Message>
);
