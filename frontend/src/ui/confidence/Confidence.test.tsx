import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { annotation } from "../../model/testing";
import { Confidence } from "./Confidence";

const show = (change: Parameters<typeof annotation>[0]) =>
  render(<Confidence annotation={annotation(change)} />).container.textContent;

test("an unknown confidence is said in words and is no number, least of all 0", () => {
  expect(show({ confidence: null })).toBe("not assessed yet");
  expect(show({ confidence: null, kind: "box" }), "nobody assesses boxes").toBe("not assessed");
});

test("a known confidence is a number in its tone, also 0", () => {
  expect(show({ confidence: 0 })).toBe("0.00");
  expect(screen.getByTitle("Confidence").dataset.tone).toBe("bad");
});
