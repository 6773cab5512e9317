import { Button } from "@mantine/core";
import { Link } from "react-router";
import { useMyAssignments } from "../../server/me";
import { useProgress } from "../../server/projects";
import type { ImageInfo, Project } from "../../server/types";
import { Offers } from "../../ui/next/Offers";
import { factOf, nothingFor, offersFor } from "../../ui/next/offers";
import { Message, Skeleton } from "./Around";

interface WhatNextProps {
  image: ImageInfo;
  project: Project;
  stay: () => void;
}

/** After an image, where none of one's own comes next: what else there is to do, the likeliest by one key. */
export function WhatNext({ image, project, stay }: WhatNextProps) {
  const [progress, work] = [useProgress(project.id), useMyAssignments()];
  // Data from before the submission may be out of date.
  if (progress.isFetching || work.isFetching) return <Skeleton />;
  const labels = project.permissions.includes("annotate");
  const known = { project, progress: progress.data, work: work.data ?? [] };
  const offers = offersFor({ ...known, labels });
  const elsewhere = known.work.filter((item) => item.project.id !== project.id);
  return (
    <Message
      title={`Done with ${image.name}`}
      actions={
        <>
          <Offers projectId={project.id} offers={offers} focused />
          {elsewhere.length > 0 && (
            <Button variant="default" component={Link} to="/">
              My work in other projects
            </Button>
          )}
          <Button variant="default" component={Link} to={`/projects/${project.id}`}>
            Project
          </Button>
          <Button variant="default" onClick={stay}>
            Back to the image
          </Button>
        </>
      }
    >
      {offers.length > 0 ? offers.map(factOf).join(" ") : nothingFor(project)}
    </Message>
  );
}
