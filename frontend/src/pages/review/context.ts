import { useOutletContext } from "react-router";
import type { Keymap } from "../../editor/keymap";
import type { LabelClass, Person } from "../../model/annotation";
import type { Project } from "../../server/types";
import type { Outgoing } from "./outgoing";
import type { Pace } from "./pace";

/** What every mode of the review page is about. */
export interface ReviewContext {
  readonly me: Person;
  readonly project: Project;
  readonly classes: readonly LabelClass[];
  readonly pace: Pace;
  /** The keys that this person has changed. */
  readonly keymap: Keymap;
  readonly setKeymap: (keymap: Keymap) => void;
  /** Verdicts of every mode go this way, so that none overtakes another and none is lost on leaving a mode. */
  readonly outgoing: Outgoing;
}

export const useReviewContext = () => useOutletContext<ReviewContext>();
