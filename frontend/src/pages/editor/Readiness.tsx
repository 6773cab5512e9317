import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { prioritise, retry } from "../../server/images";
import { keys } from "../../server/keys";
import type { ImageInfo, Readiness } from "../../server/types";
import { toastProblem } from "../../ui/bits/toast";
import { Banner } from "../../ui/editor/Banner";
import styles from "../../ui/editor/editor.module.css";

/** While the image cannot be clicked yet: why, and what happens about it. */
export function ReadinessBanner({ image }: { image: ImageInfo }) {
  const { embedding } = image;
  useNextInQueue(image.id, isWaiting(embedding.state));
  if (isWaiting(embedding.state))
    return <Banner tone="info">Preparing this image for clicking… it is next in the queue.</Banner>;
  if (embedding.state === "ready") return null;
  return <Failed imageId={image.id}>This image could not be prepared for clicking{reason(embedding)}</Failed>;
}

/** While a large image is seen coarsely only: why, and what happens about it. */
export function TilesBanner({ image }: { image: ImageInfo }) {
  const { tiles } = image;
  useNextInQueue(image.id, isWaiting(tiles?.state));
  if (isWaiting(tiles?.state)) {
    const done = tiles.progress ? `: ${Math.round(100 * tiles.progress)} %` : "…";
    return (
      <Banner tone="info">
        This image is large and is being cut into tiles{done} Until then it is shown coarsely; you can work
        already.
      </Banner>
    );
  }
  if (tiles?.state !== "failed") return null;
  return (
    <Failed imageId={image.id}>The details of this large image could not be prepared{reason(tiles)}</Failed>
  );
}

const isWaiting = (state: string | undefined) => state === "queued" || state === "running";

const reason = ({ error }: Pick<Readiness, "error">) => (error ? `: ${error}` : ".");

/** Opening an image puts it next in the queue. If this fails the image is prepared all the same, only later. */
function useNextInQueue(imageId: string, waiting: boolean) {
  useEffect(() => {
    if (waiting) prioritise(imageId).catch(() => undefined);
  }, [imageId, waiting]);
}

function Failed({ imageId, children }: { imageId: string; children: React.ReactNode }) {
  const client = useQueryClient();
  const again = async () => {
    await retry(imageId).catch(toastProblem);
    await client.invalidateQueries({ queryKey: keys.image(imageId) });
  };
  return (
    <Banner
      tone="bad"
      actions={
        <button type="button" className={styles.button} onClick={again}>
          Try again
        </button>
      }
    >
      {children}
    </Banner>
  );
}
