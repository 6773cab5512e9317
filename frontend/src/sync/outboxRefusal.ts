import { sessionEnded } from "../server/client";
import { Problem, sentenceOf } from "../server/problem";

/** What helps against a refusal: waiting (it is tried again), logging in, or only another edit. */
export type Cure = "wait" | "login" | "edit";

export function cureFor(error: unknown): Cure {
  if (!(error instanceof Problem)) return "edit";
  if (sessionEnded(error)) return "login";
  return error.passing ? "wait" : "edit";
}

/** What happened, without what `sentenceOf` says becomes of it: here the edits are kept. */
export function reasonOf(error: unknown): string {
  if (error instanceof Problem && error.status === 0) return "The server cannot be reached.";
  if (error instanceof Problem && error.code === "other_person") return error.detail;
  if (error instanceof Problem && sessionEnded(error)) return "Your session has ended.";
  return sentenceOf(error);
}

/** Whether the server has something else by now than what the edit was made on. */
export const isOvertaken = (error: unknown): boolean =>
  error instanceof Problem && [404, 409, 412].includes(error.status);

export const isTaken = (error: unknown): boolean => error instanceof Problem && error.code === "id_taken";

/** The same refusal, no longer read as "somebody was faster". Stale for no reason that we see: a later look may tell. */
export const asFinal = (refusal: unknown): Problem =>
  new Problem({ status: isStale(refusal) ? 503 : 400, code: "refused", detail: sentenceOf(refusal) });

const isStale = (error: unknown): boolean => error instanceof Problem && error.status === 412;
