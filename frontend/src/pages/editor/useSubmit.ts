import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import type { Editor } from "../../editor/Editor";
import { submitAssignment, takeImage } from "../../server/assignments";
import { keys } from "../../server/keys";
import { Problem, sentenceOf } from "../../server/problem";
import type { ImageInfo, Submitted } from "../../server/types";
import { onKeptChange } from "../../sync/keptEdits";
import type { Outbox } from "../../sync/outbox";
import { toastProblem } from "../../ui/bits/toast";
import type { Doubt } from "../../ui/editor/SubmitQuestion";
import { useEditor } from "../../ui/editor/useEditor";
import { doubtAbout } from "./doubt";
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
  /** Why it is asked first whether the image is meant to be submitted. */
  readonly doubt: Doubt | null;
  /** It is, or it is not. */
  readonly answer: (meant: boolean) => void;
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
  onDone: (submitted: Submitted) => Promise<void>,
  /** What has to be mended first, as a sentence. */
  whatLacks: () => string | null,
  /** Whether something that was sent back is not seen to, which keeps the image from being submitted. */
  owes: () => boolean,
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
  const [doubt, setDoubt] = useState<Doubt | null>(null);
  const assignment = image.assignment?.id;
  const handIn = useCallback(
    async (meant: Doubt | null) => {
      setBusy(true);
      try {
        const left = await outbox.saveAll();
        if (left !== 0 && !isHere()) throw new Error(NOT_ALL_OF_IT);
        if (left === null) throw new Error(UNSAVED);
        setElsewhere(left);
        if (left > 0) return;
        const found = meant ?? (owes() ? null : doubtAbout(editor));
        if (found !== meant) return setDoubt(found);
        const id = assignment ?? (await takeImage(image.project, image.id, me));
        const submitted = await submitAssignment(id, meant?.kind === "nothing");
        await client.invalidateQueries({ queryKey: keys.myAssignments });
        void client.invalidateQueries({ queryKey: keys.image(image.id) });
        await onDone(submitted);
      } catch (error) {
        // Somebody has deleted the last object meanwhile.
        if (isHere() && error instanceof Problem && error.code === "nothing_labeled")
          return setDoubt({ kind: "nothing" });
        const why = error instanceof Error ? error.message : sentenceOf(error);
        if (!isHere()) return toastProblem(`${image.name} was not submitted. ${why}`);
        refuse(why);
        if (error instanceof Problem && UNTOUCHED.includes(error.code)) onUntouched();
      } finally {
        setBusy(false);
      }
    },
    [assignment, editor, outbox, client, image, me, isHere, onDone, owes, onUntouched, refuse],
  );
  const submit = () => {
    const lack = whatLacks();
    refuse(lack);
    setElsewhere(0);
    if (!lack) void handIn(null);
  };
  const answer = (meant: boolean) => {
    setDoubt(null);
    if (meant && doubt) void handIn(doubt);
  };
  return {
    submit,
    doubt,
    answer,
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

/** Why this person cannot submit the image, or null. What was drawn since it was submitted can always be. */
export function whyNotSubmit({ assignment }: ImageInfo, me: string, drafts: boolean): string | null {
  if (!assignment) return null;
  if (assignment.annotator.id !== me) return `This image is assigned to ${assignment.annotator.name}.`;
  if (drafts) return null;
  if (assignment.state === "submitted") return "You have submitted this image.";
  return assignment.state === "done" ? "This image has been reviewed." : null;
}
