import { type ReactNode, useState } from "react";
import type { Editor } from "../../editor/Editor";
import type { Person } from "../../model/annotation";
import { reopenedBy } from "../../model/reopened";
import type { ImageInfo, Project } from "../../server/types";
import { Banner } from "../../ui/editor/Banner";
import { useEditor } from "../../ui/editor/useEditor";

interface Reopening {
  readonly editor: Editor;
  readonly image: ImageInfo;
  readonly project: Project;
  readonly me: Person;
}

/** Says, once an image, that an edit of what was accepted sends the image back to review. */
export function useReopened({ editor, image, project, me }: Reopening): ReactNode {
  const now = useEditor(editor, ({ history }) => reopenedBy(history.done.at(-1)));
  const [said, setSaid] = useState<"changed" | "deleted" | "no more" | null>(null);
  if (now && said === null) setSaid(now);
  if (said === null || said === "no more") return null;
  // A deletion by somebody who reviews the work of others is a decision already.
  const others = image.assignment?.annotator.id !== me.id || project.review.own;
  const decides = project.permissions.includes("review") && others;
  return (
    <Banner
      tone="warn"
      actions={
        <button type="button" onClick={() => setSaid("no more")}>
          Got it
        </button>
      }
    >
      {said === "changed"
        ? "You changed an accepted object. The image goes back to review."
        : `You deleted an accepted object.${decides ? "" : " The image goes back to review."} Press Ctrl+Z to restore it.`}
    </Banner>
  );
}
