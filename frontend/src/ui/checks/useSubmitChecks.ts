import { useEffect, useRef, useState } from "react";
import type { Editor } from "../../editor/Editor";
import { settled } from "../../editor/settled";
import { fixAll } from "../../model/checks/fixAll";
import type { Findings, ImageFindings } from "./ImageFindings";

/** The question before an image is submitted. */
export interface SubmitChecks {
  /** Submits, or shows what was found first. */
  readonly submit: () => void;
  /** The findings to show, or null while the dialog is closed. */
  readonly found: Findings | null;
  readonly fixAll: () => void;
  readonly submitAnyway: () => void;
  readonly close: () => void;
}

/** Stands before `submit`: shows what is probably wrong with the image, which can be mended at once or left. */
export function useSubmitChecks(editor: Editor, findings: ImageFindings, submit: () => void): SubmitChecks {
  const [found, setFound] = useState<Findings | null>(null);
  // Checking takes a moment, and what is known of the image by then may be more.
  const newest = useRef(submit);
  useEffect(() => {
    newest.current = submit;
  });
  const check = async () => {
    await settled(editor);
    const now = await findings.refresh();
    if (now.size > 0) setFound(now);
    else newest.current();
  };
  const close = () => setFound(null);
  return {
    submit: () => void check(),
    found,
    fixAll: () => {
      mendAll(editor, [...(found ?? new Map()).keys()]);
      void findings.refresh().then(setFound);
    },
    submitAnyway: () => {
      close();
      newest.current();
    },
    close,
  };
}

/** As one entry of the history. What is locked stays as it is. */
function mendAll(editor: Editor, ids: readonly string[]): void {
  const { classes, rules, locked } = editor.getSnapshot();
  const free = ids.filter((id) => !locked.has(id));
  editor.edit(`mending of ${editor.names(free)}`, fixAll(free, { classes, rules }));
}
