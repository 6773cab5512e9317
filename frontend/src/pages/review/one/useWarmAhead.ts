import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { annotationsQuery, sentBackQuery } from "../../../server/annotations";
import { prioritise } from "../../../server/images";
import { askedAhead } from "../../../server/query";
import type { ImageInfo } from "../../../server/types";
import { loadPhotoAhead } from "../../editor/photos";
import { whenIdle } from "../../editor/whenIdle";
import { aheadOf, type Walk } from "./walk";

/** The photographs of so many images are kept beside the one that is shown. */
const IMAGES = 2;

/** Makes what was claimed ahead ready to be shown at once: here, and for fixing at the server. */
export function useWarmAhead(walk: Walk): void {
  const client = useQueryClient();
  const ahead = new Map(aheadOf(walk).map(({ image_detail }) => [image_detail.id, image_detail]));
  const images = [...ahead.values()].slice(0, IMAGES);
  const names = images.map(({ id }) => id).join();
  const next = aheadOf(walk)[0];
  // Not before what is shown now is on the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the images are those that the names name
  useEffect(() => {
    // Nor given up when the next one comes before that: whoever judges so fast needs it most.
    whenIdle(() => {
      for (const image of images) warm(client, image);
    });
  }, [client, names]);
  useEffect(() => {
    if (!next) return;
    const { enabled, ...query } = sentBackQuery(next);
    return enabled ? whenIdle(() => void client.prefetchQuery(query)) : undefined;
  }, [client, next]);
}

/** Loads the photograph and the objects of an image. What fails is only not warm: it is asked for again when it is
 * shown, and says so then. */
export function warm(client: QueryClient, image: ImageInfo): void {
  prioritise(image.id).catch(() => undefined);
  void client.prefetchQuery({ ...annotationsQuery(image.id), ...askedAhead });
  loadPhotoAhead(image).catch(() => undefined);
}
