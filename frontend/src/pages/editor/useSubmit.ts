import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import type { Editor } from "../../editor/Editor";
import { submitAssignment, takeImage } from "../../server/assignments";
import { keys } from "../../server/keys";
import { Problem, sentenceOf } from "../../server/problem";
import type { ImageInfo } from "../../server/types";
import { onKeptChange } from "../../sync/keptEdits";
import type { Outbox } from "../../sync/outbox";
import { toastProblem } from "../../ui/bits/toast";
import { useEditor } from "../../ui/editor/useEditor";
import { useIsHere } from "./useIsHere";
import { useSaveState } from "./useSession";

const UNSAVED = "Not everything is saved yet, so the image was not submitted. See below what is missing.";
const SAVED_BY_NOW = "Everything is saved by now. Submit the image again.";
/** For whoever is elsewhere by then. */
const NOT_ALL_OF_IT = "Not everything of it is saved yet.";

/** The server's codes for what was sent back and not seen to. */
const UNTOUCHED = ["rejected_unchanged", "missing_unanswered"];

/** What is worked on, and where it is saved from. */
interface Worked {
  readonly editor: Editor;
  readonly outbox: Outbox;
}

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
  { editor, outbox }: Worked,
  me: string,
  onDone: () => Promise<void>,
  /** What has to be mended first, as a sentence. */
  whatLacks: () => string | null,
  /** Something that was sent back has not been touched. */
  onUntouched: () => void,
): Submitting {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const { refusal, refuse } = useRefusal(editor);
  const isSaved = useSaveState(outbox).kind === "saved";
  const isHere = useIsHere();
  const [elsewhere, setElsewhere] = useState(0);
  useEffect(
    () => (elsewhere > 0 ? onKeptChange(() => void outbox.elsewhere().then(setElsewhere)) : undefined),
    [elsewhere, outbox],
  );
  const assignment = image.assignment?.id;
  const handIn = useCallback(async () => {
    const lack = whatLacks();
    refuse(lack);
    setElsewhere(0);
    if (lack) return;
    setBusy(true);
    try {
      const left = await outbox.saveAll();
      if (left !== 0 && !isHere()) throw new Error(NOT_ALL_OF_IT);
      if (left === null) throw new Error(UNSAVED);
      setElsewhere(left);
      if (left > 0) return;
      await submitAssignment(assignment ?? (await takeImage(image.project, image.id, me)));
      await client.invalidateQueries({ queryKey: keys.myAssignments });
      void client.invalidateQueries({ queryKey: keys.image(image.id) });
      await onDone();
    } catch (error) {
      const why = error instanceof Error ? error.message : sentenceOf(error);
      if (!isHere()) return toastProblem(`${image.name} was not submitted. ${why}`);
      refuse(why);
      if (error instanceof Problem && UNTOUCHED.includes(error.code)) onUntouched();
    } finally {
      setBusy(false);
    }
  }, [assignment, outbox, client, image, me, isHere, onDone, whatLacks, onUntouched, refuse]);
  return {
    submit: () => void handIn(),
    busy,
    refusal: refusal === UNSAVED && isSaved ? SAVED_BY_NOW : refusal,
    elsewhere,
  };
}

/** What was refused, which was about the image as it was then: an edit ends it. That one is saved does not. */
function useRefusal(editor: Editor) {
  const [refused, setRefused] = useState<{ why: string; done: unknown } | null>(null);
  const done = useEditor(editor, ({ history }) => history.done);
  const refuse = useCallback(
    (why: string | null) =>
      setRefused(why === null ? null : { why, done: editor.getSnapshot().history.done }),
    [editor],
  );
  return { refusal: refused?.done === done ? refused.why : null, refuse };
}

/** Why this person cannot submit the image, or null. */
export function whyNotSubmit({ assignment }: ImageInfo, me: string): string | null {
  if (!assignment) return null;
  if (assignment.annotator.id !== me) return `This image is assigned to ${assignment.annotator.name}.`;
  if (assignment.state === "submitted") return "You have submitted this image.";
  return assignment.state === "done" ? "This image has been reviewed." : null;
}
