import { describe, expect, test, vi } from "vitest";
import { Problem, unreachable } from "../../server/problem";
import type { UploadResult } from "../../server/types";
import { type Send, UploadQueue } from "./queue";
import { summary } from "./UploadPanel";

const file = (name: string) => new File(["x"], name);
const result = (outcome: UploadResult["outcome"], detail: string | null = null): UploadResult => ({
  name: "",
  outcome,
  image: null,
  code: null,
  detail,
});

/** A server that answers when the test says so. */
function heldServer() {
  const held: {
    name: string;
    opId: string;
    onProgress: (sent: number) => void;
    answer: (with_: unknown) => Promise<void>;
  }[] = [];
  const send: Send = ({ file: sent, opId, onProgress }) =>
    new Promise((resolve, reject) => {
      const answer = async (with_: unknown) => {
        if (with_ instanceof Error) reject(with_);
        else resolve(with_ as UploadResult);
        await new Promise((done) => setTimeout(done));
      };
      held.push({ name: sent.name, opId, onProgress, answer });
    });
  return { held, send };
}

const states = (queue: UploadQueue) => queue.snapshot().map((upload) => upload.state);

describe("the upload queue", () => {
  test("tells what of an image is not shown, and lets a full storage be tried again", async () => {
    const { held, send } = heldServer();
    const queue = new UploadQueue(send, vi.fn());
    queue.add([file("moving.gif"), file("late.png")]);
    const notice = "Only the first of its 3 frames is used.";
    await held[0]?.answer({ ...result("created"), image: { notice } as UploadResult["image"] });
    await held[1]?.answer({ ...result("refused", "The storage is full."), code: "storage_unavailable" });
    expect(states(queue)).toEqual(["created", "failed"]);
    expect(queue.snapshot().map((upload) => upload.detail)).toEqual([notice, "The storage is full."]);
  });

  test("lets a file be sent again that the server had no time to look at", async () => {
    const { held, send } = heldServer();
    const queue = new UploadQueue(send, vi.fn());
    queue.add([file("late.png")]);
    await held[0]?.answer({ ...result("refused", "Send this one again."), code: "not_attempted" });
    expect(states(queue)).toEqual(["failed"]);
    queue.retryFailed();
    expect(states(queue)).toEqual(["sending"]);
  });

  test("sends three files at a time, in the order they came", async () => {
    const { held, send } = heldServer();
    const queue = new UploadQueue(send, () => {});
    queue.add(["a", "b", "c", "d", "e"].map(file));
    expect(held.map((request) => request.name)).toEqual(["a", "b", "c"]);
    await held[1]?.answer(result("created"));
    expect(held.map((request) => request.name)).toEqual(["a", "b", "c", "d"]);
    expect(states(queue)).toEqual(["sending", "created", "sending", "sending", "waiting"]);
  });

  test("tells of each file what became of it, and announces only new images", async () => {
    const { held, send } = heldServer();
    const arrived = vi.fn();
    const queue = new UploadQueue(send, arrived);
    queue.add(["a", "b", "c"].map(file));
    await held[0]?.answer(result("created"));
    await held[1]?.answer(result("duplicate"));
    await held[2]?.answer(result("refused", "This is no image."));
    expect(states(queue)).toEqual(["created", "duplicate", "refused"]);
    expect(queue.snapshot()[2]?.detail).toBe("This is no image.");
    expect(arrived).toHaveBeenCalledTimes(1);
    expect(summary(queue.snapshot())).toBe("1 uploaded, 1 already here, 1 refused");
  });

  test("shows how much of a file has left", () => {
    const { held, send } = heldServer();
    const queue = new UploadQueue(send, () => {});
    queue.add([file("a")]);
    held[0]?.onProgress(0.4);
    expect(queue.snapshot()[0]?.sent).toBe(0.4);
    expect(summary(queue.snapshot())).toBe("Uploading 1 of 1 file");
  });

  test("retries what failed under the same operation id, so that it cannot become its own duplicate", async () => {
    const { held, send } = heldServer();
    const queue = new UploadQueue(send, () => {});
    queue.add([file("a")]);
    await held[0]?.answer(unreachable());
    expect(states(queue)).toEqual(["failed"]);
    queue.retryFailed();
    expect(held[1]?.opId).toBe(held[0]?.opId);
    await held[1]?.answer(result("created"));
    expect(states(queue)).toEqual(["created"]);
  });

  test("does not offer to retry what the server will refuse again", async () => {
    const { held, send } = heldServer();
    const queue = new UploadQueue(send, () => {});
    queue.add([file("a")]);
    await held[0]?.answer(new Problem({ status: 413, code: "too_large", detail: "Too large." }));
    expect(states(queue)).toEqual(["refused"]);
    queue.retryFailed();
    expect(held).toHaveLength(1);
  });

  test("leaves out the hidden files of a dropped folder", () => {
    const { send } = heldServer();
    const queue = new UploadQueue(send, () => {});
    queue.add([file(".DS_Store"), file("a.jpg")]);
    expect(queue.snapshot().map((upload) => upload.file.name)).toEqual(["a.jpg"]);
  });

  test("forgets only what is over", async () => {
    const { held, send } = heldServer();
    const queue = new UploadQueue(send, () => {});
    queue.add([file("a"), file("b")]);
    await held[0]?.answer(result("created"));
    queue.clear();
    expect(queue.snapshot().map((upload) => upload.file.name)).toEqual(["b"]);
  });
});
