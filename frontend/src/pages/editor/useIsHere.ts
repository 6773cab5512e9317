import { useCallback, useEffect, useRef } from "react";

/** Tells answers that come late whether people are still where they asked. */
export function useIsHere(): () => boolean {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return useCallback(() => here.current, []);
}
