import { Button, Skeleton } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { Link } from "react-router";
import { API } from "../../server/client";
import { useProgress, useProjects } from "../../server/projects";
import type { Progress, Project } from "../../server/types";
import { Bar } from "../../ui/bits/Bar";
import { EmptyState } from "../../ui/bits/EmptyState";
import { ProblemNotice } from "../../ui/bits/Notice";
import { count, counted } from "../../ui/bits/number";
import { Thumb } from "../../ui/bits/Thumb";
import classes from "./home.module.css";

export function Projects({ onNew }: { onNew: () => void }) {
  const projects = useProjects();
  if (projects.isPending) return <Skeleton h={280} radius="md" />;
  if (projects.error) return <ProblemNotice error={projects.error} retry={() => projects.refetch()} />;
  if (projects.data.length === 0) {
    return (
      <EmptyState
        title="You are in no project yet"
        action={
          <Button variant="default" onClick={onNew}>
            Make a project
          </Button>
        }
      >
        A project holds images, the classes to label, and the people who do it. Make one, or ask a manager to
        add you to theirs.
      </EmptyState>
    );
  }
  return (
    <ul className={classes.cards}>
      {projects.data.map((project) => (
        <ProjectCard key={project.id} project={project} />
      ))}
    </ul>
  );
}

function ProjectCard({ project }: { project: Project }) {
  const { data: progress } = useProgress(project.id);
  const to = `/projects/${project.id}`;
  return (
    <li className={classes.card}>
      <Link className={classes.cover} to={to} tabIndex={-1} aria-hidden="true">
        {project.cover ? <Thumb src={`${API}/images/${project.cover}/thumbnail`} /> : <IconPhoto size={32} />}
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

function Done({ project, progress }: { project: Project; progress: Progress | undefined }) {
  const done = progress?.images.done ?? 0;
  const submitted = progress?.images.submitted ?? 0;
  return (
    <>
      <div className={classes.row}>
        <span>{counted(project.image_count, "image")}</span>
        <span>{count(done)} done</span>
      </div>
      <Bar
        label={`Images done in ${project.name}`}
        total={project.image_count}
        parts={[
          { value: done, tone: "ok" },
          { value: submitted, tone: "accent" },
        ]}
      />
    </>
  );
}
