import { API } from "../../server/client";
import { useMyAssignments } from "../../server/me";
import { useAllProgress, useProjects } from "../../server/projects";
import type { Progress, Project } from "../../server/types";
import { EmptyState } from "../../ui/bits/EmptyState";
import { Thumb } from "../../ui/bits/Thumb";
import { OfferButton } from "../../ui/next/Offers";
import { factOf, labelsIn, type Offer, offersFor } from "../../ui/next/offers";
import classes from "./home.module.css";

/** The most projects to list; the page shows all projects below. */
const MAX_NAMED = 5;

/** Nothing is assigned to this person: what there is to do instead, in each of their projects. */
export function NothingAssigned() {
  const { data: projects = [] } = useProjects();
  const { data: progress } = useAllProgress();
  const { data: work = [] } = useMyAssignments();
  const todo = projects.flatMap((project) => {
    const [offer] = offersFor({ project, progress: progress?.get(project.id), work });
    return offer ? [{ project, offer, cover: progress?.get(project.id)?.cover ?? null }] : [];
  });
  if (todo.length === 0)
    return <EmptyState title="You have no assigned images">{whatIsTrue(projects, progress)}</EmptyState>;
  return (
    <>
      <p className={classes.sub}>You have no assigned images. You can do this instead:</p>
      <ul className={classes.work}>
        {todo.slice(0, MAX_NAMED).map((one) => (
          <Instead key={one.project.id} {...one} />
        ))}
      </ul>
    </>
  );
}

interface InsteadProps {
  project: Project;
  offer: Offer;
  /** The image that stands for the project. */
  cover: string | null;
}

const Instead = ({ project, offer, cover }: InsteadProps) => (
  <li className={classes.item}>
    <div className={classes.thumb}>{cover && <Thumb src={`${API}/images/${cover}/thumbnail`} />}</div>
    <div style={{ minWidth: 0 }}>
      <div className={classes.name}>{project.name}</div>
      <div className={classes.sub}>{factOf(offer)}</div>
    </div>
    <span />
    <OfferButton projectId={project.id} offer={offer} variant="default" />
  </li>
);

function whatIsTrue(projects: readonly Project[], progress: Map<string, Progress> | undefined): string {
  if (projects.length === 0) return "Images that a manager assigns to you appear here.";
  if (!progress) return "Looking for available work…";
  const reviews = projects.some(({ permissions }) => permissions.includes("review"));
  return [
    reviews && "No masks wait for review in your projects.",
    projects.some(labelsIn) && "No images are available to label.",
    "Images that a manager assigns to you and masks that a reviewer returns appear here.",
  ]
    .filter(Boolean)
    .join(" ");
}
