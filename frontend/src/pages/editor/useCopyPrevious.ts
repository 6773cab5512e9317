import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import type { Editor } from "../../editor/Editor";
import { pasteAll } from "../../editor/edits";
import { listAnnotations } from "../../server/annotations";
import { neighboursQuery, WHOLE_PROJECT } from "../../server/images";
import { sentenceOf } from "../../server/problem";

/** Takes over what is labeled on the image before this one in the project, whoever labeled it, as one edit. */
export function useCopyPrevious(imageId: string, editor: Editor): () => void {
  const client = useQueryClient();
  const asked = useRef(false);
  const copy = useCallback(async () => {
    const { previous } = await client.fetchQuery(neighboursQuery(imageId, WHOLE_PROJECT));
    const annotations = previous ? await listAnnotations(previous) : [];
    if (!previous) editor.say("There is no image before this one.");
    else if (annotations.length === 0) editor.say("Nothing is labeled on the previous image.");
    else
      pasteAll(
        editor,
        { imageId: previous, annotations },
        (count) => `copy of ${count} from the previous image`,
      );
  }, [client, imageId, editor]);
  return () => {
    if (asked.current) return;
    asked.current = true;
    copy()
      .catch((error: unknown) => editor.say(sentenceOf(error)))
      .finally(() => {
        asked.current = false;
      });
  };
}
