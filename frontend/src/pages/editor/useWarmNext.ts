import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { annotationsQuery } from "../../server/annotations";
import { imageQuery, neighboursQuery, prioritise, proposalsQuery } from "../../server/images";
import { askedAhead } from "../../server/query";
import { loadPhotoAhead } from "./photos";
import type { Way } from "./useWay";
import { whenIdle } from "./whenIdle";

interface Next {
  readonly id: string | null;
  readonly way: Way;
  readonly withProposals: boolean;
}

/** Once the open image has `settled`, makes the next one ready to be shown at once: here, and at the server. */
export function useWarmNext({ id, way, withProposals }: Next, settled: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!id || !settled) return;
    return whenIdle(() => void warm(client, { id, way, withProposals }).catch(() => undefined));
  }, [client, id, way, withProposals, settled]);
}

/** What fails is only not warm: it is asked for again when the image is opened, and says so then. */
async function warm(client: QueryClient, { id, way, withProposals }: Next & { id: string }): Promise<void> {
  prioritise(id).catch(() => undefined);
  const image = await client.fetchQuery({ ...imageQuery(id), ...askedAhead });
  await Promise.all([
    loadPhotoAhead(image),
    client.prefetchQuery({ ...annotationsQuery(id), ...askedAhead }),
    client.prefetchQuery({ ...neighboursQuery(id, way.scope), ...askedAhead }),
    withProposals &&
      image.proposals.state === "ready" &&
      client.prefetchQuery({ ...proposalsQuery(id), ...askedAhead }),
  ]);
}
