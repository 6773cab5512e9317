/** One thing wrong with one field of a request; `pointer` is a JSON pointer such as `/points/0/x`. */
export interface FieldError {
  pointer: string;
  detail: string;
  code: string;
}

interface ProblemFields {
  status: number;
  code: string;
  detail: string;
  errors?: FieldError[];
  body?: Record<string, unknown>;
}

const SENTENCES: Record<number, string> = {
  0: "The server cannot be reached. Nothing was changed; check the connection and try again.",
  401: "You were logged out. Log in, then do this again.",
  403: "You may not do this here. Ask a manager of the project for the role that allows it.",
  404: "This does not exist, or you may not see it.",
  413: "This is larger than the server takes.",
  429: "Too many attempts. Wait a minute, then try again.",
};

/** What the server (status 4xx, 5xx) or the network (status 0) refused, as `application/problem+json` says it. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: FieldError[];
  /** The whole answer: extra members such as `current` live here. */
  readonly body: Record<string, unknown>;

  constructor({ status, code, detail, errors = [], body = {} }: ProblemFields) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.body = body;
  }

  /** The first complaint about the field at `pointer`, if there is one. */
  about(pointer: string): string | undefined {
    return this.errors.find((error) => error.pointer === pointer)?.detail;
  }

  /** True when trying the same again later may help. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** The problem of a request that never got an answer. */
export function unreachable(): Problem {
  return new Problem({ status: 0, code: "unreachable", detail: sentenceFor(0) });
}

/** The problem in a parsed error answer; answers that are no problem+json (a proxy's page) get a sentence of ours. */
export function problemOf(status: number, body: unknown): Problem {
  const fields = isRecord(body) ? body : {};
  const errors = Array.isArray(fields["errors"]) ? (fields["errors"] as FieldError[]) : [];
  return new Problem({
    status,
    code: text(fields["code"]) ?? `http_${status}`,
    // The framework's own words for 401 ("Authentication credentials were not provided.") help nobody.
    detail:
      (status === 401 ? sentenceFor(401) : text(fields["detail"])) ??
      errors[0]?.detail ??
      sentenceFor(status),
    errors,
    body: fields,
  });
}

/** A sentence for people, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.detail;
  return "Something went wrong on this page. Your saved work is safe; reload the page and try again.";
}

function sentenceFor(status: number): string {
  if (status >= 500)
    return `The server failed (${status}). What was saved before is safe; try again in a moment.`;
  return SENTENCES[status] ?? `The server refused this (${status}).`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
