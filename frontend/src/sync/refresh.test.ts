import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { keys } from "../server/keys";
import type { ProjectEvent } from "../server/types";
import { applyReadiness, outdatedBy } from "./refresh";

const event = (kind: string, data: Record<string, unknown> = {}): ProjectEvent => ({
  seq: 1,
  kind,
  actor: null,
  object: null,
  image: null,
  data,
  at: "2026-01-01T00:00:00Z",
});

test("a job's news changes its image in the lists that are shown, without fetching them", () => {
  const client = new QueryClient();
  const image = (id: string) => ({ id, embedding: { state: "queued", error: null } });
  const key = keys.imageList("p", {});
  client.setQueryData(key, { pages: [{ results: [image("a"), image("b")] }], pageParams: [null] });
  applyReadiness(
    client,
    "p",
    event("job.changed", { kind: "embed", target: "b", state: "failed", error: "No memory." }),
  );
  expect(client.getQueryData(key)).toMatchObject({
    pages: [{ results: [image("a"), { id: "b", embedding: { state: "failed", error: "No memory." } }] }],
  });
});

test("a job's news about proposals leaves the embedding as it is", () => {
  const client = new QueryClient();
  const ready = { state: "ready", error: null };
  client.setQueryData(keys.image("a"), {
    id: "a",
    embedding: ready,
    proposals: { state: "queued", error: null },
  });
  applyReadiness(
    client,
    "p",
    event("job.changed", { kind: "propose", target: "a", state: "running", error: null }),
  );
  expect(client.getQueryData(keys.image("a"))).toEqual({
    id: "a",
    embedding: ready,
    proposals: { state: "running", error: null },
  });
});

test("an export's news outdates the exports, an embedding's the progress", () => {
  expect(outdatedBy("p", event("job.changed", { kind: "export" }))).toEqual([keys.exports("p")]);
  expect(outdatedBy("p", event("job.changed", { kind: "embed" }))).toEqual([keys.progress("p")]);
});

test("whatever is done to annotations moves the progress", () => {
  for (const kind of ["annotation.created", "annotation.deleted", "verdict.given"]) {
    expect(outdatedBy("p", event(kind))).toContainEqual(keys.progress("p"));
  }
});

test("jobs that were re-ordered outdate what is shown of images and their progress", () => {
  expect(outdatedBy("p", event("jobs.reordered", { images: 200 }))).toEqual([
    keys.progress("p"),
    keys.images("p"),
  ]);
});
