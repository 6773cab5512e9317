import { useEffect } from "react";

/** The browser tab's title while mounted. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Maskwright` : "Maskwright";
  }, [title]);
}
