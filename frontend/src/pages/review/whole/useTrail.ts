import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { claimReview, imageAhead, imagesToReview } from "../../../server/review";
import type { ImageInfo } from "../../../server/types";
import { useReviewContext } from "../context";
import { useReviewFilters } from "../filters/useReviewFilters";

/** As many as one may name to the server. */
const MOST_SKIPPED = 500;

export interface Trail {
  /** To the next image that was not seen yet, or that one came back from. */
  readonly next: () => void;
  /** To the image before; undefined at the first. */
  readonly back: (() => void) | undefined;
  /** The image that most likely comes next; null where none does. */
  readonly peek: () => Promise<ImageInfo | null>;
  /** How many images were seen. */
  readonly seen: number;
  /** Begins anew at the image of the least certain mask. */
  readonly again: () => void;
  readonly asking: boolean;
  readonly error: unknown;
  /** How many masks wait in the project; undefined until the server has said so. */
  readonly waiting: number | undefined;
}

type Asked = Pick<Trail, "asking" | "error" | "waiting">;

const ASKING: Asked = { asking: true, error: null, waiting: undefined };

/**
 * The way through the images of the queue. Where the address names none, it leads to the one of the least certain mask
 * that was not seen in this sitting.
 */
export function useTrail(image: string | undefined): Trail {
  const { project, outgoing } = useReviewContext();
  const { filters, query, narrowed } = useReviewFilters();
  const navigate = useNavigate();
  const seen = useRef<string[]>([]);
  const [asked, setAsked] = useState(ASKING);
  const [round, setRound] = useState(0);
  if (image && !seen.current.includes(image)) seen.current.push(image);
  const at = image ? seen.current.indexOf(image) : seen.current.length;
  const go = (to: string | undefined, replace = false) =>
    void navigate(
      { pathname: `/projects/${project.id}/review/images${to ? `/${to}` : ""}`, search: query },
      { replace },
    );
  const unseen = () => ({ ...filters, skip_images: seen.current.slice(-MOST_SKIPPED) });
  /** Behind all masks come the images that wait themselves; filters find masks only. */
  const unseenToReview = async () => {
    if (narrowed) return undefined;
    const { results } = await imagesToReview(project.id);
    return results.find(({ id }) => !seen.current.includes(id))?.id;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a round asks once more
  useEffect(() => {
    if (image) return;
    let left = false;
    setAsked((before) => ({ ...before, asking: true, error: null }));
    const ask = async () => {
      const { results, waiting } = await outgoing.send(() => claimReview(project.id, unseen()));
      const next = results[0]?.image ?? (await unseenToReview());
      if (left) return;
      setAsked({ asking: next !== undefined, error: null, waiting });
      if (next) go(next, true);
    };
    ask().catch((error: unknown) => left || setAsked({ asking: false, error, waiting: undefined }));
    return () => {
      left = true;
    };
  }, [image, project.id, filters, outgoing, round]);
  const before = seen.current[at - 1];
  const peek: Trail["peek"] = async () =>
    // One that was seen is there already.
    seen.current[at + 1] ? null : imageAhead(project.id, unseen());
  return {
    ...asked,
    peek,
    seen: seen.current.length,
    next: () => go(seen.current[at + 1]),
    back: before ? () => go(before) : undefined,
    again: () => {
      seen.current = [];
      setRound((now) => now + 1);
      go(undefined, true);
    },
  };
}
