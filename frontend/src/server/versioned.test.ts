import { afterEach, expect, test, vi } from "vitest";
import { Refusal, serve } from "../testing/page";
import { clashes, patchOnTop } from "./versioned";

afterEach(() => vi.unstubAllGlobals());

const base = { version: 3, name: "Animals", guidelines: "", review: { below: 1, sample: 0.05 } };

test("a change clashes where the same field has become something else", () => {
  expect(clashes(base, { name: "Birds" }, { ...base, name: "Plants" })).toBe(true);
  expect(clashes(base, { name: "Birds" }, { ...base, guidelines: "Whole ears." })).toBe(false);
  expect(clashes(base, { name: "Birds" }, { ...base, name: "Birds" }), "both wanted the same").toBe(false);
  expect(clashes(base, { review: { below: 0.5 } }, { ...base, review: { below: 1, sample: 0.1 } })).toBe(
    false,
  );
  expect(clashes(base, { review: { below: 0.5 } }, { ...base, review: { below: 0.9, sample: 0.05 } })).toBe(
    true,
  );
});

const stale = (current: object) =>
  new Refusal(412, { code: "stale_version", detail: "Kim changed it.", current });

test("a change is put on top of what others changed elsewhere", async () => {
  const now = { ...base, version: 5, guidelines: "Whole ears." };
  const answers: unknown[] = [stale(now), { ...now, version: 6, name: "Birds" }];
  const sent = serve({ "PATCH /projects/p": () => answers.shift() });
  const saved = await patchOnTop<typeof base>("/projects/p", base, { name: "Birds" });
  expect(saved.guidelines).toBe("Whole ears.");
  expect(sent.map(({ headers }) => headers["If-Match"])).toEqual(['"3"', '"5"']);
  expect(
    sent.map(({ body }) => body),
    "only what was changed",
  ).toEqual([{ name: "Birds" }, { name: "Birds" }]);
  expect(new Set(sent.map(({ headers }) => headers["Idempotency-Key"])).size, "two requests").toBe(2);
});

test("a change of the same field is refused with what it is now", async () => {
  serve({ "PATCH /projects/p": stale({ ...base, version: 4, name: "Plants" }) });
  await expect(patchOnTop("/projects/p", base, { name: "Birds" })).rejects.toMatchObject({ status: 412 });
});
