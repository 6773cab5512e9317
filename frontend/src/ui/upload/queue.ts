import { newOpId } from "../../server/client";
import { Problem, sentenceOf } from "../../server/problem";
import type { UploadResult } from "../../server/types";
import type { UploadRequest } from "../../server/upload";

export type UploadState = "waiting" | "sending" | "created" | "duplicate" | "refused" | "failed";

export interface Upload {
  readonly id: string;
  readonly file: File;
  readonly state: UploadState;
  /** Share of the bytes that have left, 0 to 1. */
  readonly sent: number;
  /** Why it was refused or failed, or what of it is not shown. */
  readonly detail: string | null;
}

export type Send = (request: Omit<UploadRequest, "projectId">) => Promise<UploadResult>;

const AT_ONCE = 3;
const OVER = new Set<UploadState>(["created", "duplicate", "refused", "failed"]);

export const isOver = (upload: Upload): boolean => OVER.has(upload.state);

/** Files on their way into one project, three at a time; lives outside the pages, so they may come and go. */
export class UploadQueue {
  private uploads: readonly Upload[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly send: Send,
    private readonly onArrived: () => void,
  ) {}

  /** For useSyncExternalStore. */
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): readonly Upload[] => this.uploads;

  /** Hidden files such as .DS_Store come along with folders and are nobody's images. */
  add(files: readonly File[]): void {
    const images = files.filter((file) => !file.name.startsWith("."));
    const added = images.map(
      (file) => ({ id: newOpId(), file, state: "waiting", sent: 0, detail: null }) as const,
    );
    this.set([...this.uploads, ...added]);
    this.fill();
  }

  retryFailed(): void {
    this.set(this.uploads.map((upload) => (upload.state === "failed" ? again(upload) : upload)));
    this.fill();
  }

  /** Forgets what is over. */
  clear(): void {
    this.set(this.uploads.filter((upload) => !isOver(upload)));
  }

  private fill(): void {
    const free = AT_ONCE - this.uploads.filter((upload) => upload.state === "sending").length;
    for (const upload of this.uploads.filter(({ state }) => state === "waiting").slice(0, free))
      void this.start(upload);
  }

  private async start({ id, file }: Upload): Promise<void> {
    this.change(id, { state: "sending" });
    try {
      const result = await this.send({ file, opId: id, onProgress: (sent) => this.change(id, { sent }) });
      this.change(id, { ...outcome(result), sent: 1 });
      if (result.outcome === "created") this.onArrived();
    } catch (error) {
      this.change(id, refusal(error));
    }
    this.fill();
  }

  private change(id: string, change: Partial<Upload>): void {
    this.set(this.uploads.map((upload) => (upload.id === id ? { ...upload, ...change } : upload)));
  }

  private set(uploads: readonly Upload[]): void {
    this.uploads = uploads;
    for (const listener of this.listeners) listener();
  }
}

const again = (upload: Upload): Upload => ({ ...upload, state: "waiting", sent: 0, detail: null });

/** Reasons that have nothing to do with the file itself, so that it may be sent again. */
const PASSING = new Set(["storage_unavailable", "not_attempted"]);

const outcome = ({ outcome: state, code, detail, image }: UploadResult): Partial<Upload> => ({
  state: code && PASSING.has(code) ? "failed" : state,
  detail: detail || image?.notice || null,
});

/** Failed = worth another try (network, server, session); refused = the same file will be refused again. */
function refusal(error: unknown): Partial<Upload> {
  const final = error instanceof Problem && !error.passing && error.status !== 401;
  return { state: final ? "refused" : "failed", detail: sentenceOf(error) };
}
