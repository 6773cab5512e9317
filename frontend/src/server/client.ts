import { Problem, problemOf, unreachable } from "./problem";
import type { paths } from "./schema.gen";

export const API = "/api/v1";
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Dispatched on `window` when the session has ended; the page stays and a login appears over it. */
export const SESSION_ENDED = "maskwright:session-ended";

/** Dispatched on `window` when somebody has logged in again. */
export const SESSION_RESUMED = "maskwright:session-resumed";

type Relative<Path> = Path extends `${typeof API}${infer Rest}` ? Rest : never;
type Ids<Pattern> = Pattern extends `${string}{${string}}${infer Rest}` ? [string, ...Ids<Rest>] : [];

/**
 * The address of one of the API's paths with its ids filled in, as in `at("/projects/{project}/images", id)`.
 * A path that the API's description does not have, or too few ids, does not compile.
 */
export function at<Pattern extends Relative<keyof paths>>(pattern: Pattern, ...ids: Ids<Pattern>): string {
  const left: string[] = [...ids];
  return pattern.replace(/\{\w+\}/g, () => encodeURIComponent(left.shift() ?? ""));
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface RequestOptions {
  query?: Query | undefined;
  body?: unknown;
  /** The version an annotation was changed from; sent as `If-Match: "<version>"`. */
  version?: number | undefined;
  /** The client's name of this operation (UUID): a replay answers what the first attempt answered. */
  opId?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Sent even if the page is closed meanwhile; its body is small. */
  keepalive?: boolean | undefined;
}

/** A new operation id for the `Idempotency-Key` header; keep it when the same operation is tried again. */
export function newOpId(): string {
  // `randomUUID` is missing on plain-http addresses other than localhost, where teams do run this.
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Proves that a request comes from our page; every login has another. */
export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

/** `path` with the given parameters; null, undefined and "" are left out. */
export function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}

/**
 * One request to the API. `path` starts at the API's base ("/projects") or is an address the server gave.
 * Answers the parsed JSON, or undefined for 204. Raises `Problem` for every refusal and for no answer, half an answer
 * or one that took longer than a signal of `AbortSignal.timeout`; an abort raises the browser's own AbortError.
 */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const { response, text } = await send(method, withQuery(resolve(path), options.query), options);
  const body = parsed(response, text);
  if (response.ok) return body as T;
  const problem = problemOf(response.status, body);
  // The login's own 401 means "wrong password" or "logged out", which its callers handle.
  if (sessionEnded(problem) && !path.startsWith("/_allauth/")) window.dispatchEvent(new Event(SESSION_ENDED));
  throw problem;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  request<T>("GET", path, { query, signal });
export const post = <T>(path: string, body?: unknown, options: RequestOptions = {}) =>
  request<T>("POST", path, { opId: newOpId(), ...options, body });
export const patch = <T>(path: string, body: unknown, options: RequestOptions = {}) =>
  request<T>("PATCH", path, { opId: newOpId(), ...options, body });
export const del = (path: string, options: RequestOptions = {}) =>
  request<void>("DELETE", path, { opId: newOpId(), ...options });

/** Calls for each item in turn: hundreds at once would keep everybody else's requests waiting. */
export async function oneByOne<T>(items: readonly T[], call: (item: T) => Promise<unknown>): Promise<void> {
  for (const item of items) await call(item);
}

/** True when a problem means that nobody is logged in (as opposed to: logged in, but not allowed). */
export function sessionEnded(problem: Problem): boolean {
  return problem.status === 401 || problem.code === "not_authenticated";
}

/** The headers of every request of ours, also of uploads, which go by XMLHttpRequest. */
export function headersFor(method: string, options: RequestOptions = {}): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (!SAFE.has(method)) headers["X-CSRFToken"] = csrfToken();
  if (options.opId !== undefined) headers["Idempotency-Key"] = options.opId;
  if (options.version !== undefined) headers["If-Match"] = `"${options.version}"`;
  return headers;
}

async function send(method: string, url: string, options: RequestOptions) {
  const headers = headersFor(method, options);
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  if (options.signal) init.signal = options.signal;
  if (options.keepalive) init.keepalive = true;
  try {
    const response = await fetch(url, init);
    return { response, text: await response.text() };
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
}

function parsed(response: Response, text: string): unknown {
  if (response.status === 204) return undefined;
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    // A proxy's HTML page, say: the status is all that is known.
    if (response.ok)
      throw new Problem({ status: 502, code: "not_json", detail: "The server's answer was not JSON." });
    return undefined;
  }
}

/** Cursor addresses come absolute from the server; behind a proxy only their path is ours. */
function resolve(path: string): string {
  if (/^https?:/.test(path)) {
    const url = new URL(path);
    return url.pathname + url.search;
  }
  return path.startsWith("/api/") || path.startsWith("/_allauth/") ? path : API + path;
}
