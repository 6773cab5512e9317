import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { submitAssignment, takeImage } from "../../server/assignments";
import { keys } from "../../server/keys";
import { Problem, sentenceOf } from "../../server/problem";
import type { ImageInfo } from "../../server/types";
import { onKeptChange } from "../../sync/keptEdits";
import type { Outbox } from "../../sync/outbox";

const UNSAVED = "Not everything is saved yet, so the image was not submitted. See below what is missing.";

/** The server's codes for what was sent back and not seen to. */
const UNTOUCHED = ["rejected_unchanged", "missing_unanswered"];

interface Submitting {
  readonly submit: () => void;
  readonly busy: boolean;
  readonly refusal: string | null;
  /** How many objects another tab has in hand, when that is why. */
  readonly elsewhere: number;
}

/** Hands the image in, after the last edit has been saved. One that nobody has becomes one's own by that. */
export function useSubmit(
  image: ImageInfo,
  outbox: Outbox,
  me: string,
  onDone: () => void,
  /** What has to be mended first, as a sentence. */
  whatLacks: () => string | null,
  /** Something that was sent back has not been touched. */
  onUntouched: () => void,
): Submitting {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [elsewhere, setElsewhere] = useState(0);
  useEffect(
    // Whatever was refused, it was about the image before this edit.
    () => outbox.subscribe(() => outbox.state.kind === "saving" && setRefusal(null)),
    [outbox],
  );
  useEffect(
    () => (elsewhere > 0 ? onKeptChange(() => void outbox.elsewhere().then(setElsewhere)) : undefined),
    [elsewhere, outbox],
  );
  const assignment = image.assignment?.id;
  const handIn = useCallback(async () => {
    const lack = whatLacks();
    setRefusal(lack);
    setElsewhere(0);
    if (lack) return;
    setBusy(true);
    try {
      const left = await outbox.saveAll();
      if (left === null) throw new Error(UNSAVED);
      setElsewhere(left);
      if (left > 0) return;
      await submitAssignment(assignment ?? (await takeImage(image.project, image.id, me)));
      await client.invalidateQueries({ queryKey: keys.myAssignments });
      void client.invalidateQueries({ queryKey: keys.image(image.id) });
      onDone();
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : sentenceOf(error));
      if (error instanceof Problem && UNTOUCHED.includes(error.code)) onUntouched();
    } finally {
      setBusy(false);
    }
  }, [assignment, outbox, client, image.id, image.project, me, onDone, whatLacks, onUntouched]);
  return { submit: () => void handIn(), busy, refusal, elsewhere };
}

/** Why this person cannot submit the image, or null. */
export function whyNotSubmit({ assignment }: ImageInfo, me: string): string | null {
  if (!assignment) return null;
  if (assignment.annotator.id !== me) return `This image is assigned to ${assignment.annotator.name}.`;
  if (assignment.state === "submitted") return "You have submitted this image.";
  return assignment.state === "done" ? "This image has been reviewed." : null;
}
