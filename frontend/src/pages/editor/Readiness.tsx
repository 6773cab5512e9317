import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { post } from "../../server/client";
import { prioritise } from "../../server/images";
import { keys } from "../../server/keys";
import type { ImageInfo } from "../../server/types";
import { Banner } from "../../ui/editor/Banner";
import styles from "../../ui/editor/editor.module.css";

/** While the image cannot be clicked yet: why, and what happens about it. Opening it puts it next in the queue. */
export function ReadinessBanner({ image }: { image: ImageInfo }) {
  const client = useQueryClient();
  const { id, embedding } = image;
  const waiting = embedding.state === "queued" || embedding.state === "running";
  useEffect(() => {
    // If this fails the image is prepared all the same, only later.
    if (waiting) prioritise(id).catch(() => undefined);
  }, [id, waiting]);
  if (waiting) {
    return <Banner tone="info">Preparing this image for clicking… it is next in the queue.</Banner>;
  }
  if (embedding.state === "ready") return null;
  const retry = async () => {
    await post(`/images/${id}/retry`).catch(() => undefined);
    await client.invalidateQueries({ queryKey: keys.image(id) });
  };
  return (
    <Banner
      tone="bad"
      actions={
        <button type="button" className={styles.button} onClick={retry}>
          Try again
        </button>
      }
    >
      This image could not be prepared for clicking{embedding.error ? `: ${embedding.error}` : "."}
    </Banner>
  );
}
