import { useCallback } from "react";
import type { Editor } from "../../../editor/Editor";
import type { Box } from "../../../geometry/box";
import type { Fix } from "../../../model/checks";
import { Checks } from "../../../ui/checks/Checks";
import { useEditor } from "../../../ui/editor/useEditor";
import { useReviewContext } from "../context";

interface ItemChecksProps {
  editor: Editor;
  id: string;
  /** Left out where there is nothing to be decided any more. */
  onFix: ((fix: Fix) => void) | undefined;
}

/** What is probably wrong with the mask that is judged, among the others of its image. */
export function ItemChecks({ editor, id, onFix }: ItemChecksProps) {
  const { project, classes } = useReviewContext();
  const image = useEditor(editor, ({ history }) => history.present);
  const light = useCallback((at: Box | null) => editor.light(at), [editor]);
  const annotation = image.annotations.get(id);
  if (!annotation) return null;
  return <Checks key={id} {...{ annotation, image, classes, onFix }} rules={project} onLight={light} />;
}
