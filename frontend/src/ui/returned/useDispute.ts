import { useState } from "react";
import type { Editor } from "../../editor/Editor";
import type { Returned } from "../../model/returned";
import { disputeAnnotation } from "../../server/annotations";
import { useCreation } from "../../server/creation";
import type { Disputed } from "../../server/types";
import { toastDone } from "../bits/toast";
import type { ReturnedWork } from "./useReturned";

export interface Dispute {
  /** The object whose rejection is being answered. */
  readonly of: Returned | null;
  /** Begins to answer the rejection that is looked at; undefined where there is none to answer. */
  readonly begin: (() => void) | undefined;
  readonly send: (comment: string) => Promise<void>;
  readonly cancel: () => void;
}

/** "I think it is right": an annotator answers a rejection. `onSent` shows what the server makes of it. */
export function useDispute(editor: Editor, work: ReturnedWork, onSent: () => void): Dispute {
  const [open, setOpen] = useState<string | null>(null);
  const { current, all } = work;
  const disputable = current?.kind === "object" && !current.mended;
  const dispute = useCreation({
    create: ({ id, version, comment }: { id: string; version: number; comment: string }, opId) =>
      disputeAnnotation(id, version, comment, opId),
    slotOf: ({ id }) => id,
  });
  const of = all.find(({ id, mended }) => id === open && !mended) ?? null;
  const send = async (comment: string) => {
    const version = of && editor.image.annotations.get(of.id)?.version;
    if (!of || !version) return;
    const { decided_by } = await dispute.mutateAsync({ id: of.id, version, comment });
    setOpen(null);
    toastDone(sentenceFor(decided_by, of.by?.name ?? "the reviewer"));
    onSent();
  };
  return {
    of,
    begin: disputable ? () => setOpen(current.id) : undefined,
    send,
    cancel: () => setOpen(null),
  };
}

const WHO: Record<Disputed["decided_by"], (rejecter: string) => string> = {
  reviewer: (rejecter) => `A reviewer other than ${rejecter} will decide.`,
  manager: (rejecter) => `${rejecter} is the only reviewer in this project, so a manager will decide.`,
  rejecter: (rejecter) => `Nobody else can review it in this project, so ${rejecter} will look at it again.`,
};

const sentenceFor = (decided_by: Disputed["decided_by"], rejecter: string): string =>
  `The object was sent back to review unchanged. ${WHO[decided_by](rejecter)}`;
