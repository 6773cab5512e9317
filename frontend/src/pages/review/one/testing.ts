import { vi } from "vitest";
import { annotation } from "../../../model/testing";
import { Problem } from "../../../server/problem";
import type { Claimed, ReviewItem, Verdict, VerdictInput } from "../../../server/types";
import { image } from "../../editor/testing";
import { Outgoing } from "../outgoing";
import { GLANCE } from "./Looked";
import { Sitting } from "./Sitting";
import { shownOf } from "./walk";

/** A mask that waits, as the queue hands it out. */
export const item = (id: string, confidence: number, change: object = {}): ReviewItem =>
  ({
    ...annotation({ id, confidence, state: "submitted" }),
    image: "i",
    image_detail: image,
    approved: false,
    ...change,
  }) as unknown as ReviewItem;

export const claimed = (results: readonly ReviewItem[], waiting = results.length): Claimed => ({
  results: [...results],
  until: "2030-01-01T00:00:00Z",
  waiting,
});

export const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** A server with a queue of masks that each wait until they are judged. */
export function desk(names = NAMES, round = false) {
  const waiting = new Map(names.map((id, i) => [id, item(id, i / 10)]));
  const judged = new Map<string, ReviewItem>();
  const asked: { count: number; keep: string[]; skip: string[] }[] = [];
  const given: { id: string; opId: string; verdict: VerdictInput }[] = [];
  /** How many the server claims at once. */
  const limit = { claimed: 60 };
  let clock = 0;
  let operations = 0;
  const refusals: unknown[] = [];
  const undoRefusals: unknown[] = [];
  const giveOne = async ({ annotation }: { annotation: string }) => {
    const one = waiting.get(annotation);
    if (one) judged.set(`v-${annotation}`, one);
    waiting.delete(annotation);
    return { annotation, id: `v-${annotation}` } as Verdict;
  };
  const sitting = new Sitting({
    outgoing: new Outgoing(),
    round,
    claim: async (wanted) => {
      asked.push(wanted);
      const known = new Set([...wanted.keep, ...wanted.skip]);
      const free = [...waiting.values()].filter(({ id }) => !known.has(id));
      return claimed(free.slice(0, Math.min(wanted.count, limit.claimed)), waiting.size);
    },
    give: async (id, verdict, opId) => {
      given.push({ id, opId, verdict });
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      return giveOne({ annotation: id });
    },
    giveAll: async (verdicts) => {
      const stale = verdicts.filter(
        ({ annotation, version }) => waiting.get(annotation)?.version !== version,
      );
      const refused = stale.map(({ annotation }) => ({
        annotation,
        code: "stale_version",
        detail: "Changed.",
      }));
      if (refused.length > 0)
        throw new Problem({ status: 412, code: "stale_version", detail: "Changed.", body: { refused } });
      return { results: await Promise.all(verdicts.map(giveOne)) };
    },
    undo: async (verdict) => {
      const refusal = undoRefusals.shift();
      if (refusal) throw refusal;
      const back = judged.get(verdict);
      if (!back) throw new Problem({ status: 409, code: "too_late", detail: "Too late." });
      waiting.set(back.id, back);
      return claimed([back], waiting.size);
    },
    newId: () => `op-${++operations}`,
    now: () => clock,
    lap: () => 1.5,
  });
  const shown = () => shownOf(sitting.getSnapshot().walk)?.id;
  /** The reviewer looks at what is shown. */
  const look = () => {
    sitting.seen(shown() ?? "", [...waiting.keys()]);
    clock += GLANCE;
  };
  const accept = () => {
    look();
    sitting.judge({ verdict: "accepted" });
  };
  const pass = (milliseconds: number) => {
    clock += milliseconds;
  };
  return { sitting, shown, look, accept, pass, asked, given, refusals, undoRefusals, waiting, limit };
}

/** Everything that is on its way arrives. */
export const settle = () => vi.advanceTimersByTimeAsync(20_000);
