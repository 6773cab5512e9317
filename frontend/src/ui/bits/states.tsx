import { Tooltip } from "@mantine/core";
import type { ImageInfo, Readiness, Role } from "../../server/types";
import { Chip, type ChipTone } from "./Chip";

const READINESS: Record<Readiness["state"], { tone: ChipTone; word: string }> = {
  queued: { tone: "muted", word: "queued" },
  running: { tone: "accent", word: "embedding" },
  ready: { tone: "ok", word: "ready" },
  failed: { tone: "bad", word: "failed" },
};

/** Whether SAM can answer clicks on this image yet, or else that it has no proposals to choose among. */
export function ReadinessChip({ embedding, proposals }: Pick<ImageInfo, "embedding" | "proposals">) {
  const choiceless = embedding.state === "ready" && proposals.state === "failed";
  const { tone, word } = choiceless ? CHOICELESS : READINESS[embedding.state];
  const error = choiceless ? proposals.error : embedding.error;
  const chip = (
    <Chip tone={tone} hollow={embedding.state === "queued"}>
      {word}
    </Chip>
  );
  return error ? <Tooltip label={error}>{<span>{chip}</span>}</Tooltip> : chip;
}

const CHOICELESS: { tone: ChipTone; word: string } = { tone: "bad", word: "no proposals" };

export const ROLES: { role: Role; does: string }[] = [
  { role: "manager", does: "sets up, assigns, exports" },
  { role: "reviewer", does: "judges masks" },
  { role: "annotator", does: "labels images" },
  { role: "viewer", does: "looks" },
];
