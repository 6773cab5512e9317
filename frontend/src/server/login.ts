import { request } from "./client";
import { Problem } from "./problem";

const DEAD = "This link was used already or has expired. Log in, or ask for a new one.";
const BASE = "/_allauth/browser/v1";

/** Logs in with the session cookie. Raises a `Problem` whose detail is a sentence for the form. */
export async function logIn(email: string, password: string): Promise<void> {
  await fresh();
  await inWords(loggedIn(request("POST", `${BASE}/auth/login`, { body: { email, password } })), {
    400: "This e-mail and password do not fit together. Check both and try again.",
    429: "Too many wrong attempts. Wait a few minutes, then try again.",
  });
}

export async function logOut(): Promise<void> {
  await answered(request("DELETE", `${BASE}/auth/session`));
}

/** Mails a link that sets a new password. The answer does not reveal whether the address has an account. */
export async function requestPasswordLink(email: string): Promise<void> {
  await fresh();
  await inWords(request("POST", `${BASE}/auth/password/request`, { body: { email } }), {
    429: "Too many requests. Wait a few minutes, then try again.",
  });
}

/** Sets the password that goes with a link's key. */
export async function setPassword(key: string, password: string): Promise<void> {
  await fresh();
  await inWords(answered(request("POST", `${BASE}/auth/password/reset`, { body: { key, password } })), {
    429: "Too many attempts. Wait a few minutes, then try again.",
  });
}

/** Asking for the session sets the CSRF cookie, without which a first POST is refused. */
async function fresh(): Promise<void> {
  await answered(request("GET", `${BASE}/auth/session`));
}

/** Another tab was first: allauth refuses to log in whoever is logged in. */
async function loggedIn(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Problem && error.status === 409)) throw error;
  }
}

/** allauth says "done, and you are logged out" with 401: for these calls that is success. */
async function answered(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
  }
}

async function inWords(call: Promise<unknown>, sentences: Record<number, string>): Promise<void> {
  try {
    await call;
  } catch (error) {
    throw error instanceof Problem ? reworded(error, sentences) : error;
  }
}

/** allauth's own messages are about a field ("too short"); those are kept, the rest gets our sentence. */
function reworded(problem: Problem, sentences: Record<number, string>): Problem {
  const [first] = problem.errors as { message?: string; param?: string }[];
  if (first?.param === "key")
    return new Problem({ status: problem.status, code: "dead_invitation", detail: DEAD });
  const detail = sentences[problem.status] ?? first?.message ?? problem.detail;
  return new Problem({ status: problem.status, code: problem.code, detail, body: problem.body });
}
