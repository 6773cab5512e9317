import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Editor } from "../../editor/Editor";
import { type Findings, ImageFindings } from "./ImageFindings";

/** Checks the drafts of the image for as long as it is open. */
export function useImageFindings(editor: Editor): ImageFindings {
  const findings = useMemo(() => new ImageFindings(editor), [editor]);
  useEffect(() => findings.watch(), [findings]);
  return findings;
}

export const useFound = (findings: ImageFindings): Findings =>
  useSyncExternalStore(findings.subscribe, findings.getSnapshot);
