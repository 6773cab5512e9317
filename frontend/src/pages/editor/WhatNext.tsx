import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useMyAssignments } from "../../server/me";
import { useProgress } from "../../server/projects";
import { useImagesToReview } from "../../server/review";
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
  const reviews = project.permissions.includes("review");
  const [progress, work] = [useProgress(project.id), useMyAssignments()];
  const toReview = useImagesToReview(project.id, reviews);
  const settled = ![progress, work, toReview].some(({ isFetching }) => isFetching);
  const [ready, setReady] = useState(false);
  if (settled && !ready) setReady(true);
  // Data from before the submission may be out of date. What is shown stays while it is fetched again.
  if (!settled && !ready) return <Skeleton />;
  const labels = project.permissions.includes("annotate");
  const known = { project, progress: progress.data, work: work.data ?? [] };
  const offers = offersFor({ ...known, labels, images: toReview.data?.waiting });
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
