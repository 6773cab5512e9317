import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { warm } from "../one/useWarmAhead";
import type { Trail } from "./useTrail";

/** Loads the image that comes next, once this one is on the screen. */
export function useNextAhead(trail: Trail, drawable: boolean): void {
  const client = useQueryClient();
  const newest = useRef(trail);
  useEffect(() => {
    newest.current = trail;
  });
  useEffect(() => {
    if (!drawable) return;
    newest.current.peek().then(
      (image) => image && warm(client, image),
      () => undefined,
    );
  }, [client, drawable]);
}
