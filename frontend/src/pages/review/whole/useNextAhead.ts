import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Sitting } from "../one/Sitting";
import { warm } from "../one/useWarmAhead";
import type { Trail } from "./useTrail";

/** As many as one may name to the server; who holds more than that would lose some by asking. */
const MOST_HELD = 60;

/** Loads the image that comes next, once this one is on the screen. */
export function useNextAhead(trail: Trail, sitting: Sitting, drawable: boolean): void {
  const client = useQueryClient();
  const newest = useRef(trail);
  useEffect(() => {
    newest.current = trail;
  });
  useEffect(() => {
    if (!drawable) return;
    const held = () => sitting.getSnapshot().walk.items.map(({ id }) => id);
    if (held().length > MOST_HELD) return;
    newest.current.peek(held).then(
      (image) => image && warm(client, image),
      () => undefined,
    );
  }, [client, sitting, drawable]);
}
