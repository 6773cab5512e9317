import { expect, test } from "vitest";
import { annotation } from "../model/testing";
import { browserStore } from "./outboxStore";

test("edits written by one page are read by the next, each under its own key", async () => {
  const edits = { saved: [["a", null]], now: [["a", annotation()]], sent: [], gone: ["b"] } as const;
  await browserStore().write("anna:image", edits);
  const next = browserStore();
  expect(await next.read("anna:image")).toEqual(edits);
  expect(await next.read("bo:image")).toBeUndefined();
  await next.remove("anna:image");
  expect(await next.read("anna:image")).toBeUndefined();
});
