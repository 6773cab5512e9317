import type { Copied } from "../model/actions/paste";

let kept: Copied | null = null;

/** What was copied last. It outlives the editor, since the next image has one of its own. */
export const clipboard = {
  get: (): Copied | null => kept,
  put: (copied: Copied): void => {
    kept = copied;
  },
};
