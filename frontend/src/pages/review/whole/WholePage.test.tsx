import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { pageOf, renderPage, serve } from "../../../testing/page";
import { classes, image, me, project, stubBrowser } from "../../editor/testing";
import { claimed, item } from "../one/testing";
import ReviewPage from "../ReviewPage";
import WholePage from "./WholePage";

const HELD = 70;

beforeEach(() => void stubBrowser());

test("the next image is loaded ahead, however many masks are held of this one", async () => {
  const items = Array.from({ length: HELD }, (_, n) => item(`a${n}`, n / HELD));
  const comments = { results: [], next: null, previous: null };
  const sent = serve({
    "GET /me": me,
    "GET /projects/p": project,
    "GET /projects/p/classes": classes,
    "GET /images/i/annotations": pageOf([]),
    "GET /images/i/comments": comments,
    "POST /projects/p/review-queue/next": claimed(items),
    "POST /projects/p/review-queue/ahead": { image: { ...image, id: "next", file_url: "/next.jpg" } },
    "POST /images/next/prioritise": {},
    "GET /images/next/annotations": pageOf([]),
  });
  renderPage(<ReviewPage />, {
    path: "/projects/:id/review/images/:image",
    at: "/projects/p/review/images/i",
    child: <WholePage />,
  });
  expect(await screen.findByText(`${HELD} of ${HELD} wait`)).toBeTruthy();
  await waitFor(() => expect(sent.map(({ path }) => path)).toContain("/images/next/annotations"));
  const asked = sent.filter(({ path }) => path.endsWith("/review-queue/ahead"));
  expect(asked).toMatchObject([{ body: { skip_images: ["i"] } }]);
});
