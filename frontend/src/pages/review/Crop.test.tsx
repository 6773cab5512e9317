import { render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { drawCrop } from "../../render/crop";
import { stubBrowser } from "../editor/testing";
import { Crop } from "./Crop";
import { reviewItem } from "./testing";

vi.mock("../../render/crop", () => ({ drawCrop: vi.fn() }));

beforeEach(() => void stubBrowser());

test("a picture that changes its height only is drawn anew", async () => {
  const item = reviewItem({ id: "a" });
  const crop = (height: number) => <Crop item={item} colour="#ff0000" filled width={200} height={height} />;
  const { rerender } = render(crop(150));
  await waitFor(() => expect(drawCrop).toHaveBeenCalledTimes(1));
  rerender(crop(120));
  expect(vi.mocked(drawCrop).mock.lastCall?.[0]).toBe(document.querySelector("canvas"));
  expect(screen.queryByText("No picture")).toBeNull();
});
