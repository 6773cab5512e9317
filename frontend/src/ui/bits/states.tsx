import { Tooltip } from "@mantine/core";
import type { Readiness, Role } from "../../server/types";
import { Chip, type ChipTone } from "./Chip";

const READINESS: Record<Readiness["state"], { tone: ChipTone; word: string }> = {
  queued: { tone: "muted", word: "queued" },
  running: { tone: "accent", word: "embedding" },
  ready: { tone: "ok", word: "ready" },
  failed: { tone: "bad", word: "failed" },
};

/** Whether SAM can answer clicks on this image yet. */
export function ReadinessChip({ embedding }: { embedding: Readiness }) {
  const { tone, word } = READINESS[embedding.state];
  const chip = (
    <Chip tone={tone} hollow={embedding.state === "queued"}>
      {word}
    </Chip>
  );
  return embedding.error ? <Tooltip label={embedding.error}>{<span>{chip}</span>}</Tooltip> : chip;
}

export const ROLES: { role: Role; does: string }[] = [
  { role: "manager", does: "sets up, assigns, exports" },
  { role: "reviewer", does: "judges masks" },
  { role: "annotator", does: "labels images" },
  { role: "viewer", does: "looks" },
];
