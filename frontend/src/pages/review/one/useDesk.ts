import { useState } from "react";
import type { Display } from "../stage/display";

/** What of the page is open for the mask that is shown; the next mask begins with nothing open. */
export interface Desk {
  readonly display: Display;
  readonly setDisplay: (display: Display) => void;
  readonly open: "reasons" | "comment" | "fix" | "history" | "missing" | null;
  readonly setOpen: (open: Desk["open"]) => void;
  /** Goes along with the verdict. */
  readonly comment: string;
  readonly setComment: (comment: string) => void;
}

interface About {
  readonly id: string;
  readonly open: Desk["open"];
  readonly comment: string;
}

/** Beside the sitting, whose state is about the whole queue. */
export function useDesk(id: string): Desk {
  const [display, setDisplay] = useState<Display>("fill");
  const [about, setAbout] = useState<About>({ id, open: null, comment: "" });
  const now = about.id === id ? about : { id, open: null, comment: "" };
  return {
    display,
    setDisplay,
    open: now.open,
    setOpen: (open) => setAbout({ ...now, open }),
    comment: now.comment,
    setComment: (comment) => setAbout({ ...now, comment }),
  };
}
