import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Changes } from "../model/diff";
import { withPatch } from "../model/patch";
import { annotation } from "../model/testing";
import type { Outbox } from "./outbox";
import { MAX_CHANGES } from "./outboxFlight";
import { FakeServer, page, settle } from "./testing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sizes = (server: FakeServer) =>
  server.requests.map(({ changes }) =>
    [changes.delete, changes.update, changes.create].map((each) => each.length),
  );
/** One gesture that creates `count` new objects besides those of the server. */
function drawMany(outbox: Outbox, count: number): void {
  const drawn = Array.from({ length: count }, (_, n) => annotation({ id: `n${n}`, version: 0 }));
  outbox.put(withPatch(outbox.annotations, new Map(drawn.map((a) => [a.id, a]))));
}

const ids = (changes: Changes) => changes.create.map(({ id }) => id);

test("more edits than one change may have go in several, one after another", async () => {
  const server = new FakeServer();
  const { outbox, browser } = await page(server);
  drawMany(outbox, 2 * MAX_CHANGES + 400);
  await settle();
  expect(sizes(server)).toEqual([
    [0, 0, MAX_CHANGES],
    [0, 0, MAX_CHANGES],
    [0, 0, 400],
  ]);
  expect(new Set(server.requests.map(({ opId }) => opId)).size).toBe(3);
  expect(server.annotations.size).toBe(2 * MAX_CHANGES + 400);
  expect(outbox.state.kind).toBe("saved");
  expect(browser.records.size).toBe(0);
});

test("what is deleted and changed goes before what is created, and together while it fits", async () => {
  const server = new FakeServer();
  for (const id of ["a", "b", "c"]) server.edit(id, {});
  const { outbox } = await page(server);
  const b = annotation({ ...outbox.annotations.get("b"), class_id: "grass" });
  outbox.put(
    withPatch(
      outbox.annotations,
      new Map([
        ["a", null],
        ["b", b],
      ]),
    ),
  );
  drawMany(outbox, MAX_CHANGES);
  await settle();
  expect(sizes(server)).toEqual([
    [1, 1, MAX_CHANGES - 2],
    [0, 0, 2],
  ]);
});

test("edits of large objects go in several requests, because the server reads what it changes", async () => {
  const server = new FakeServer();
  const names = ["a", "b", "c"];
  for (const id of names) server.edit(id, { attributes: { note: "x".repeat(1_500_000) } });
  const { outbox } = await page(server);
  const edited = names.map((id) => [id, annotation({ ...outbox.annotations.get(id), z: 7 })] as const);
  outbox.put(withPatch(outbox.annotations, new Map(edited)));
  await settle();
  outbox.put(withPatch(outbox.annotations, new Map(names.map((id) => [id, null]))));
  await settle();
  expect(sizes(server)).toEqual([
    [0, 2, 0],
    [0, 1, 0],
    [2, 0, 0],
    [1, 0, 0],
  ]);
  expect(outbox.state.kind).toBe("saved");
});

test("a part whose answer was lost is sent again, and the others once", async () => {
  const server = new FakeServer();
  const { outbox } = await page(server);
  drawMany(outbox, MAX_CHANGES + 5);
  server.faults = ["lost answer"];
  await settle();
  await vi.advanceTimersByTimeAsync(5000);
  expect(outbox.state.kind).toBe("saved");
  expect(server.annotations.size).toBe(MAX_CHANGES + 5);
  expect(server.applied).toBe(2);
});

test("what a page that closes between two parts has not sent, the next one sends", async () => {
  const server = new FakeServer();
  const { outbox, browser } = await page(server);
  drawMany(outbox, MAX_CHANGES + 5);
  const send = server.send.bind(server);
  vi.spyOn(server, "send").mockImplementationOnce(async (changes, opId) => {
    const answer = await send(changes, opId);
    void outbox.close();
    return answer;
  });
  await settle();
  expect(server.annotations.size).toBe(MAX_CHANGES);
  await page(server, browser);
  await settle();
  expect(server.annotations.size).toBe(MAX_CHANGES + 5);
});

test("objects that are long together go in several requests, one that is longer than that alone", async () => {
  const server = new FakeServer();
  const { outbox, edit } = await page(server);
  const long = (counts: number) => ({
    segmentation: { size: [10, 10] as [number, number], counts: "0".repeat(counts) },
  });
  edit("first", long(3_000_000));
  edit("second", long(3_000_000));
  edit("third", long(9_000_000));
  edit("fourth", {});
  await settle();
  expect(server.requests.map(({ changes }) => ids(changes))).toEqual([
    ["first"],
    ["second"],
    ["third"],
    ["fourth"],
  ]);
  expect(outbox.state.kind).toBe("saved");
});
