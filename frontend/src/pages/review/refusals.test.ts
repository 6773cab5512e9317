import { expect, test } from "vitest";
import { Problem } from "../../server/problem";
import { allButRefused } from "./refusals";

const items = ["a", "b", "c", "d", "e"].map((annotation) => ({ annotation }));
const idsOf = (some: readonly { annotation: string }[]) => some.map(({ annotation }) => annotation).join("");

test("sends what is too large for one request in halves, and leaves out what is refused", async () => {
  const sent: string[] = [];
  const { answers, refused } = await allButRefused(items, async (some) => {
    if (some.length > 2) throw new Problem({ status: 400, code: "too_many_bytes", detail: "Too much." });
    if (some.some(({ annotation }) => annotation === "d")) {
      const about = [{ annotation: "d", code: "claimed", detail: "Rui looks at it." }];
      throw new Problem({ status: 409, code: "claimed", detail: "Rui", body: { refused: about } });
    }
    sent.push(idsOf(some));
    return idsOf(some);
  });
  expect(sent).toEqual(["ab", "c", "e"]);
  expect(answers).toEqual(sent);
  expect(refused.map(({ annotation }) => annotation)).toEqual(["d"]);
});

test("gives up where a single one is too large", async () => {
  const call = () =>
    Promise.reject(new Problem({ status: 400, code: "too_many_bytes", detail: "Too much." }));
  await expect(allButRefused(items, call)).rejects.toThrow("Too much.");
});
