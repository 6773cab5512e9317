import { useState } from "react";
import type { Editor } from "../../editor/Editor";
import {
  type CameBack,
  type Missing,
  type Returned,
  returnedOf,
  stepped,
  withNews,
} from "../../model/returned";
import { isOpen, type Numbered, placeOf } from "../comments/places";
import type { Comments } from "../comments/useComments";
import { useEditor } from "../editor/useEditor";

export interface ReturnedWork {
  readonly all: readonly Returned[];
  readonly current: Returned | null;
  /** Leads to the next one, or to the one before; to what is left to be mended first. */
  readonly step: (by: 1 | -1) => void;
}

const NOTHING: CameBack = new Map();

/** What reviewers sent back of an image, and the way through it. */
export function useReturned(editor: Editor, comments: Comments): ReturnedWork {
  const image = useEditor(editor, ({ history }) => history.present);
  const [known, setKnown] = useState(NOTHING);
  const [at, setAt] = useState<string | null>(null);
  const now = withNews(known, image);
  if (now !== known) setKnown(now);
  const missing = missingOf(comments.threads ?? []);
  const all = returnedOf(now, image, missing);
  const step = (by: 1 | -1) => {
    // As things are by then: a submit has saved since, and what was edited is mended by that.
    const next = stepped(returnedOf(now, editor.image, missing), at, by);
    if (!next) return;
    setAt(next.id);
    lead(editor, comments, next);
  };
  return { all, current: all.find(({ id }) => id === at) ?? null, step };
}

const missingOf = (threads: readonly Numbered[]): Missing[] =>
  threads
    .filter(({ thread }) => thread.kind === "missing")
    .map(({ thread }) => ({
      thread: thread.id,
      by: thread.by,
      at: thread.at,
      text: thread.text,
      resolved: !isOpen(thread),
    }));

function lead(editor: Editor, comments: Comments, { id, kind }: Returned): void {
  const { history } = editor.getSnapshot();
  if (kind === "object") {
    if (!history.present.annotations.has(id)) return;
    editor.setTool("select");
    editor.select(id);
    editor.zoomTo(id);
    return;
  }
  const thread = comments.threads?.find((one) => one.thread.id === id)?.thread;
  const place = thread && placeOf(thread, history.present);
  if (place) editor.centre(place);
  comments.open(id);
}
