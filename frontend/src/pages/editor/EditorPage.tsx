import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useLocation, useParams, useSearchParams } from "react-router";
import { useOpenImage } from "../../server/images";
import { keys } from "../../server/keys";
import { useMe } from "../../server/me";
import { Problem } from "../../server/problem";
import { useClasses, useProject } from "../../server/projects";
import type { ImageInfo } from "../../server/types";
import { Failed, Skeleton } from "./Around";
import { OpenImage } from "./OpenImage";
import { loadPhoto, photoUrl } from "./photos";
import { wayOf } from "./useWay";
import { WhatNext } from "./WhatNext";

/** `/images/:id`. Previous and next stay inside my own work with `?from=mine`, or inside a filter of the images. */
export default function EditorPage() {
  const { id = "" } = useParams();
  return <ImagePage key={id} id={id} />;
}

function ImagePage({ id }: { id: string }) {
  const client = useQueryClient();
  const image = useOpenImage(id);
  // Decoded while the server lists what is on it.
  useEffect(() => {
    if (image.data) loadPhoto(photoUrl(image.data)).catch(() => undefined);
  }, [image.data]);
  useEffect(() => {
    // What a list has left in the cache may be older than the last event this browser saw.
    void client.invalidateQueries({ queryKey: keys.image(id) });
  }, [client, id]);
  if (isLost(image)) return <Failed image={id} error={image.error} retry={() => void image.refetch()} />;
  return image.data ? <WithProject image={image.data} /> : <Skeleton />;
}

/** What the editor stands on was never answered, or is gone. News that cannot be fetched leave it as it was known. */
const isLost = ({ data, error }: { data: unknown; error: unknown }): boolean =>
  error !== null && (data === undefined || (error instanceof Problem && error.status === 404));

function WithProject({ image }: { image: ImageInfo }) {
  const [query] = useSearchParams();
  const way = useMemo(() => wayOf(query), [query]);
  // Coming back, as by taking the submission back, means working on it again.
  const { key } = useLocation();
  const [finished, setFinished] = useState<string | null>(null);
  const [me, project, classes] = [useMe(), useProject(image.project), useClasses(image.project)];
  const failed = [me, project, classes].find(isLost);
  if (failed) return <Failed image={image.id} error={failed.error} retry={() => void failed.refetch()} />;
  if (!me.data || !project.data || !classes.data) return <Skeleton />;
  if (finished === key)
    return <WhatNext image={image} project={project.data} stay={() => setFinished(null)} />;
  return (
    <OpenImage
      image={image}
      project={project.data}
      classes={classes.data}
      me={me.data}
      way={way}
      onFinished={() => setFinished(key)}
    />
  );
}
