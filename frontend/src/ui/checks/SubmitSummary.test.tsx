import { MantineProvider } from "@mantine/core";
import { render, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { Editor } from "../../editor/Editor";
import { anna, annotation, imageOf } from "../../model/testing";
import { SubmitSummary } from "./SubmitSummary";
import type { SubmitChecks } from "./useSubmitChecks";

const editor = new Editor({
  image: imageOf(annotation()),
  classes: [{ id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] }],
  me: anna,
  readOnly: false,
  ready: true,
  ports: {
    predict: () => Promise.resolve({ model: "m", candidates: [], preferred: 0 }),
    newId: () => "new",
  },
});
const fix = { deed: "removal of specks from", name: "Remove", action: <Image,>(image: Image) => image };
const specks = { check: "specks", sentence: "1 speck beside the object", at: null, fix };

const summary = (found: SubmitChecks["found"]) => {
  const checks = { submit: vi.fn(), found, fixAll: vi.fn(), submitAnyway: vi.fn(), close: vi.fn() };
  return (
    <MantineProvider env="test">
      <SubmitSummary editor={editor} checks={checks} />
    </MantineProvider>
  );
};

it("has the focus on what mends, and on what submits once all is mended", async () => {
  const { rerender } = render(summary(null));
  rerender(summary(new Map([["a1", [specks]]])));
  const fixAll = await screen.findByRole("button", { name: "Fix all 1" });
  await waitFor(() => expect(document.activeElement).toBe(fixAll));
  rerender(summary(new Map()));
  const submit = await screen.findByRole("button", { name: "Submit" });
  await waitFor(() => expect(document.activeElement).toBe(submit));
});
