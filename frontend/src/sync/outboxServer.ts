import type { Annotation } from "../model/annotation";
import {
  annotationHistory,
  changeAnnotations,
  getAnnotation,
  listAnnotations,
  restoreAnnotation,
} from "../server/annotations";
import { csrfToken, get, newOpId } from "../server/client";
import { Problem } from "../server/problem";
import type { ChangeSet, Me } from "../server/types";
import type { OutboxServer } from "./outboxState";

/** Milliseconds after which a request counts as unanswered: a line that hangs must not hold up the next attempt. */
const PATIENCE = 30_000;
const patience = () => AbortSignal.timeout(PATIENCE);

/** The server as the outbox of one image needs it, for as long as `person` is logged in. */
export const serverFor = (person: string, imageId: string): OutboxServer => ({
  send: async (changes, opId) => {
    await requireLogin(person);
    const answer = await changeAnnotations(imageId, changes as ChangeSet, { opId, signal: patience() });
    refuseDeleted(answer.annotations);
    return answer;
  },
  list: () => listAnnotations(imageId, patience()),
  restore: async (id) => {
    await requireLogin(person);
    return restore(id);
  },
  newOpId,
});

/** The login that was asked about last, and whose it is. The server gives each login a token of its own. */
const login = { token: "", person: "" };

/** Somebody else may have logged in in another tab: what one person did must not be saved as another's. */
async function requireLogin(person: string): Promise<void> {
  let token: string;
  do {
    token = csrfToken();
    if (token !== "" && token === login.token) break;
    const me = await get<Me>("/me", undefined, patience());
    Object.assign(login, { token, person: me.id });
    // Whoever logged in while we asked may be somebody else than the answer tells.
  } while (csrfToken() !== token);
  if (login.person === person) return;
  const detail = "Somebody else is logged in in this browser now.";
  throw new Problem({ status: 401, code: "other_person", detail });
}

/** Creating again what is deleted changes nothing on the server, so it must not count as saved. */
function refuseDeleted(annotations: readonly object[]): void {
  if (!annotations.some((annotation) => "deleted_at" in annotation && annotation.deleted_at)) return;
  throw new Problem({ status: 409, code: "id_taken", detail: "This object was deleted in the meantime." });
}

async function restore(id: string): Promise<Annotation | null> {
  const { results } = await annotationHistory(id, patience()).catch(noneIfMissing);
  const [newest] = results;
  if (!newest) return null;
  return newest.kind === "deleted"
    ? restoreAnnotation(id, newest.version, undefined, patience())
    : getAnnotation(id, patience());
}

function noneIfMissing(error: unknown): { results: [] } {
  if (error instanceof Problem && error.status === 404) return { results: [] };
  throw error;
}
