import { useEffect, useLayoutEffect, useMemo } from "react";
import { Editor } from "../../../editor/Editor";
import { boundsOf, type LabelClass, type Person } from "../../../model/annotation";
import { labeledImage } from "../../../model/labeledImage";
import { useAnnotations } from "../../../server/annotations";
import { newOpId } from "../../../server/client";
import type { ImageInfo, ReviewItem } from "../../../server/types";

const never = () => Promise.reject(new Error("Masks are not made while reviewing."));

interface Around {
  readonly me: Person;
  readonly classes: readonly LabelClass[];
}

/** Shows an image with all its objects, of which those that wait are as they were claimed; `shown` is selected. */
export function useImageEditor(
  image: ImageInfo,
  items: readonly ReviewItem[],
  shown: ReviewItem | undefined,
  { me, classes }: Around,
): Editor {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image needs another editor, another object does not
  const editor = useMemo(
    () =>
      new Editor({
        image: labeledImage(image, []),
        classes,
        me,
        readOnly: true,
        ready: false,
        ports: { predict: never, newId: newOpId },
      }),
    [image.id, me],
  );
  const all = useAnnotations(image.id).data;
  // Before the browser paints, so that nothing is seen to move.
  useLayoutEffect(
    () => editor.receive(new Map([...(all ?? []), ...items].map((one) => [one.id, one]))),
    [editor, all, items],
  );
  useLayoutEffect(() => turnTo(editor, shown), [editor, shown]);
  useEffect(() => editor.setClasses(classes), [editor, classes]);
  return editor;
}

/** Whoever has zoomed in sees it in the middle; else the whole image stays on show. */
function turnTo(editor: Editor, shown: ReviewItem | undefined): void {
  editor.select(...(shown ? [shown.id] : []));
  const box = shown && boundsOf(shown);
  if (box && !editor.getSnapshot().fitted) editor.centre({ x: box.x + box.w / 2, y: box.y + box.h / 2 });
}
