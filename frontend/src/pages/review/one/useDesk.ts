import { useState } from "react";
import type { Fix } from "../../../model/checks";
import type { Display } from "../stage/display";
import type { Pending } from "./usePendingFix";

/** What of the page is open for the mask that is shown; the next mask begins with nothing open. */
export interface Desk {
  readonly display: Display;
  readonly setDisplay: (display: Display) => void;
  /** What was sent back stands beside what came again, wherever there is such. */
  readonly comparing: boolean;
  readonly setComparing: (comparing: boolean) => void;
  readonly open: "reasons" | "comment" | "fix" | "history" | "missing" | null;
  readonly setOpen: (open: Desk["open"]) => void;
  /** Opens the tools, which then fix this. */
  readonly fixBy: (fix: Fix) => void;
  readonly pending: Pending | null;
  /** Accepts what is pending as soon as it is fixed. */
  readonly acceptPending: () => void;
  /** Goes along with the verdict. */
  readonly comment: string;
  readonly setComment: (comment: string) => void;
}

interface About {
  readonly id: string;
  readonly open: Desk["open"];
  readonly comment: string;
  readonly pending: Pending | null;
}

const nothing = (id: string): About => ({ id, open: null, comment: "", pending: null });

/** Beside the sitting, whose state is about the whole queue. */
export function useDesk(id: string): Desk {
  const [display, setDisplay] = useState<Display>("fill");
  const [comparing, setComparing] = useState(false);
  const [about, setAbout] = useState<About>(nothing(id));
  const now = about.id === id ? about : nothing(id);
  return {
    display,
    setDisplay,
    comparing,
    setComparing,
    open: now.open,
    setOpen: (open) => setAbout({ ...now, open, pending: null }),
    fixBy: (fix) => setAbout({ ...now, open: "fix", pending: { fix, accept: false } }),
    pending: now.pending,
    acceptPending: () => setAbout({ ...now, pending: now.pending && { ...now.pending, accept: true } }),
    comment: now.comment,
    setComment: (comment) => setAbout({ ...now, comment }),
  };
}
