import { Button, Skeleton } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { Link } from "react-router";
import { API } from "../../server/client";
import { useAllProgress, useProjects } from "../../server/projects";
import type { Progress, Project } from "../../server/types";
import { Bar } from "../../ui/bits/Bar";
import { EmptyState } from "../../ui/bits/EmptyState";
import { ProblemNotice } from "../../ui/bits/Notice";
import { count, counted } from "../../ui/bits/number";
import { Thumb } from "../../ui/bits/Thumb";
import classes from "./home.module.css";

/** My projects. `onNew` creates one, if the person may. */
export function Projects({ onNew }: { onNew: (() => void) | undefined }) {
  const projects = useProjects();
  const { data: progress } = useAllProgress();
  if (projects.isPending) return <Skeleton h={280} radius="md" />;
  if (projects.error) return <ProblemNotice error={projects.error} retry={() => projects.refetch()} />;
  if (projects.data.length === 0) {
    return (
      <EmptyState
        title="You are in no project yet"
        action={
          onNew && (
            <Button variant="default" onClick={onNew}>
              Make a project
            </Button>
          )
        }
      >
        A project holds images, the classes to label, and the people who do it.{" "}
        {onNew ? "Create one, or ask a manager to add you to theirs." : "Ask a manager to add you to theirs."}
      </EmptyState>
    );
  }
  return (
    <ul className={classes.cards}>
      {projects.data.map((project) => (
        <ProjectCard key={project.id} project={project} progress={progress?.get(project.id)} />
      ))}
    </ul>
  );
}

interface CardProps {
  project: Project;
  progress: Progress | undefined;
}

function ProjectCard({ project, progress }: CardProps) {
  const to = `/projects/${project.id}`;
  return (
    <li className={classes.card}>
      <Link className={classes.cover} to={to} tabIndex={-1} aria-hidden="true">
        {progress?.cover ? <Thumb src={thumbnailOf(progress.cover)} /> : <IconPhoto size={32} />}
      </Link>
      <div className={classes.body}>
        <h3>
          <Link to={to}>{project.name}</Link>
        </h3>
        <Done project={project} progress={progress} />
        <div className={classes.sub}>{project.my_roles.join(", ")}</div>
        <div className={classes.links}>
          <Button component={Link} to={to} variant="default">
            Images
          </Button>
          {project.permissions.includes("review") && (
            <Button component={Link} to={`${to}/review`} variant="default">
              Review{progress && ` · ${count(progress.annotations.submitted)} waiting`}
            </Button>
          )}
        </div>
      </div>
    </li>
  );
}

const thumbnailOf = (image: string) => `${API}/images/${image}/thumbnail`;

function Done({ project, progress }: CardProps) {
  const done = progress?.images.done ?? 0;
  const total = progress?.images.total ?? 0;
  const submitted = progress?.images.submitted ?? 0;
  return (
    <>
      <div className={classes.row}>
        <span>{counted(total, "image")}</span>
        <span>{count(done)} done</span>
      </div>
      <Bar
        label={`Images done in ${project.name}`}
        total={total}
        parts={[
          { value: done, tone: "ok" },
          { value: submitted, tone: "accent" },
        ]}
      />
    </>
  );
}
