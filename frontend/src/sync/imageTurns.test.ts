import { expect, test, vi } from "vitest";
import { takeToEdit, takeToSend } from "./imageTurns";

let images = 0;
const anImage = () => `anna:image-${++images}`;

test("what is left of an image that nobody has open is sent", async () => {
  const work = vi.fn(async () => {});
  expect(await takeToSend(anImage(), work)).toBe(true);
  expect(work).toHaveBeenCalledTimes(1);
});

test("nothing is sent from outside while an editor has the image, and it can be again after that", async () => {
  const [image, work] = [anImage(), vi.fn(async () => {})];
  const letGo = await takeToEdit(image);
  expect(await takeToSend(image, work)).toBe(false);
  expect(work).not.toHaveBeenCalled();
  letGo();
  await vi.waitFor(async () => expect(await takeToSend(image, work)).toBe(true));
});

test("several editors have it at once, and the last one that leaves makes it free", async () => {
  const [image, work] = [anImage(), vi.fn(async () => {})];
  const [first, second] = [await takeToEdit(image), await takeToEdit(image)];
  first();
  expect(await takeToSend(image, work)).toBe(false);
  second();
  await vi.waitFor(async () => expect(await takeToSend(image, work)).toBe(true));
});

test("whoever opens the image does not wait for what is being sent, which is told to end", async () => {
  const image = anImage();
  let opened = false;
  const sent = takeToSend(
    image,
    (wanted) => new Promise((end) => wanted.addEventListener("abort", () => end(), { once: true })),
  );
  const edits = takeToEdit(image).then(() => {
    opened = true;
  });
  expect(await sent).toBe(true);
  await edits;
  expect(opened).toBe(true);
});

test("an image is not held up by another one", async () => {
  await takeToEdit(anImage());
  expect(await takeToSend(anImage(), async () => {})).toBe(true);
});
