import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useNavigate } from "react-router";
import { type ImageFilter, MY_WORK, neighboursQuery, type Scope, useNeighbours } from "../../server/images";
import { keys } from "../../server/keys";
import type { ImageInfo } from "../../server/types";
import { toastProblem } from "../../ui/bits/toast";
import { filterOf, searchOf } from "../../ui/imageFilter";
import { useIsHere } from "./useIsHere";

/** The images that previous and next lead through. */
export interface Way {
  readonly scope: Scope;
  /** Says so in the addresses of images. */
  readonly search: string;
  /** The filter of the Images page that is followed, or null. */
  readonly filter: ImageFilter | null;
}

export function wayOf(query: URLSearchParams): Way {
  if (query.get("from") === "mine") return { scope: MY_WORK, search: "?from=mine", filter: null };
  const filter = filterOf(query);
  const search = searchOf(filter);
  return { scope: filter, search, filter: search === "" ? null : filter };
}

/** The ways to go on from an image. */
export function useWay(image: ImageInfo, projectId: string, way: Way, onFinished: () => void) {
  const { scope, search } = way;
  const navigate = useNavigate();
  const around = useNeighbours(image.id, scope).data;
  // Fetched ahead, so that submitting does not wait for it.
  useNeighbours(image.id, MY_WORK);
  useEffect(() => {
    document.title = `${image.name} · Maskwright`;
  }, [image.name]);
  const goTo = useCallback((id: string) => navigate(`/images/${id}${search}`), [navigate, search]);
  const goOn = useGoOn({ image: image.id, projectId, way, goTo, onFinished });
  return {
    goTo,
    goOn,
    previous: around?.previous ?? null,
    next: around?.next ?? null,
    position: around ?? null,
  };
}

interface Leaving {
  image: string;
  projectId: string;
  way: Way;
  goTo: (id: string) => void;
  onFinished: () => void;
}

/**
 * Goes on to the next image of the filter that is followed, else to what is assigned to this person. Where nothing is,
 * they are offered what else they can do.
 */
function useGoOn({ image, projectId, way, goTo, onFinished }: Leaving): () => Promise<void> {
  const { scope, filter } = way;
  const navigate = useNavigate();
  const client = useQueryClient();
  const isHere = useIsHere();
  return useCallback(async () => {
    const ask = (scope: Scope) => client.ensureQueryData(neighboursQuery(image, scope));
    // A failed request does not mean that there is no next image.
    const ways = await Promise.all([ask(MY_WORK), filter && ask(scope)]).catch((error: unknown) => {
      if (isHere()) toastProblem(error);
    });
    void client.invalidateQueries({ queryKey: keys.project(projectId) });
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes("neighbours") });
    if (!ways || !isHere()) return;
    const [own, filtered] = ways;
    const onward = own.next ?? own.previous;
    if (filtered?.next) goTo(filtered.next);
    else if (onward) navigate(`/images/${onward}?from=mine`);
    else onFinished();
  }, [client, projectId, image, scope, filter, isHere, goTo, navigate, onFinished]);
}
