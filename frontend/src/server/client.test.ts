import { afterEach, describe, expect, test, vi } from "vitest";
import { at, get, newOpId, patch, post, request, SESSION_ENDED, withQuery } from "./client";
import { Problem, sentenceOf } from "./problem";

interface Call {
  url: string;
  init: RequestInit & { headers: Record<string, string> };
}

function answering(status: number, body: string): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (url: string, init: Call["init"]) => {
    calls.push({ url, init });
    return new Response(status === 204 ? null : body, { status });
  });
  return calls;
}

const refused = async (call: Promise<unknown>): Promise<Problem> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
};

afterEach(() => vi.unstubAllGlobals());

describe("a request", () => {
  test("answers the parsed JSON", async () => {
    answering(200, '{"id":"7"}');
    expect(await get("/projects/7")).toEqual({ id: "7" });
  });

  test("answers undefined for 204", async () => {
    answering(204, "");
    expect(await post("/projects/7/assignments/next")).toBeUndefined();
  });

  test("leaves empty parameters out of the address", async () => {
    const calls = answering(200, "{}");
    await get("/projects/7/images", { q: "a b", state: "", cursor: null, limit: 3 });
    expect(calls[0]?.url).toBe("/api/v1/projects/7/images?q=a+b&limit=3");
    expect(withQuery("/x", {})).toBe("/x");
  });

  test("follows a cursor's address on this site, whatever host the server believes to be", async () => {
    const calls = answering(200, "{}");
    await get("http://internal:9000/api/v1/projects?cursor=abc");
    expect(calls[0]?.url).toBe("/api/v1/projects?cursor=abc");
  });

  test("that changes something carries the CSRF token and an operation id", async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the only way to set one in jsdom
    document.cookie = "csrftoken=secret";
    const calls = answering(200, "{}");
    await post("/tokens", { name: "x" });
    expect(calls[0]?.init.headers["X-CSRFToken"]).toBe("secret");
    expect(calls[0]?.init.headers["Idempotency-Key"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(calls[0]?.init.body).toBe('{"name":"x"}');
  });

  test("that only reads carries neither", async () => {
    const calls = answering(200, "{}");
    await get("/me");
    expect(Object.keys(calls[0]?.init.headers ?? {})).toEqual(["Accept"]);
  });

  test("keeps the operation id it is given and names the version it changes", async () => {
    const calls = answering(200, "{}");
    await patch("/annotations/1", {}, { opId: "mine", version: 4 });
    expect(calls[0]?.init.headers).toMatchObject({ "Idempotency-Key": "mine", "If-Match": '"4"' });
  });

  test("makes a valid UUID where the browser has no randomUUID", () => {
    vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array) => bytes.fill(255) });
    expect(newOpId()).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
  });
});

describe("a refusal", () => {
  test("keeps the server's sentence, code, field errors and extra members", async () => {
    const errors = [{ pointer: "/points/0/x", detail: "outside", code: "outside" }];
    answering(
      412,
      JSON.stringify({
        status: 412,
        code: "stale_version",
        detail: "Changed.",
        errors,
        current: { version: 5 },
      }),
    );
    const problem = await refused(get("/x"));
    expect(problem).toMatchObject({ status: 412, code: "stale_version", detail: "Changed." });
    expect(problem.about("/points/0/x")).toBe("outside");
    expect(problem.body["current"]).toEqual({ version: 5 });
  });

  test("that is a proxy's page gets a sentence that says what is safe", async () => {
    answering(502, "<html>Bad gateway</html>");
    const problem = await refused(get("/x"));
    expect(problem.passing).toBe(true);
    expect(problem.detail).toContain("safe");
  });

  test("is also raised when nothing answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    expect(await refused(get("/x"))).toMatchObject({ status: 0, code: "unreachable" });
  });

  test("is also raised when the answer breaks off, or does not come in time", async () => {
    const broken = { ok: true, status: 200, text: () => Promise.reject(new TypeError("network")) };
    vi.stubGlobal("fetch", async () => broken);
    expect(await refused(get("/x"))).toMatchObject({ status: 0, code: "unreachable" });
    vi.stubGlobal("fetch", () => Promise.reject(new DOMException("late", "TimeoutError")));
    expect(await refused(get("/x"))).toMatchObject({ status: 0, code: "unreachable" });
  });

  test("does not hide an abort", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new DOMException("stop", "AbortError")));
    await expect(get("/x")).rejects.toMatchObject({ name: "AbortError" });
  });

  test("for want of a session is announced to the page", async () => {
    const heard = vi.fn();
    window.addEventListener(SESSION_ENDED, heard);
    answering(
      401,
      JSON.stringify({ code: "not_authenticated", detail: "Authentication credentials were not provided." }),
    );
    const problem = await refused(get("/me"));
    expect(heard).toHaveBeenCalledTimes(1);
    expect(sentenceOf(problem)).toContain("Log in");
    await refused(request("POST", "/_allauth/browser/v1/auth/login", { body: {} }));
    expect(heard).toHaveBeenCalledTimes(1);
    window.removeEventListener(SESSION_ENDED, heard);
  });
});

test("a path is filled in with its ids, escaped", () => {
  expect(at("/images/{image}/annotations", "a/b")).toBe("/images/a%2Fb/annotations");
});
