import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { Editor } from "../../../editor/Editor";
import type { LabelClass, Person } from "../../../model/annotation";
import { labeledImage } from "../../../model/labeledImage";
import { useAnnotations } from "../../../server/annotations";
import { newOpId } from "../../../server/client";
import type { ReviewItem } from "../../../server/types";

const never = () => Promise.reject(new Error("Masks are not made while reviewing."));

interface Around {
  readonly me: Person;
  readonly classes: readonly LabelClass[];
}

/** Shows one object in its image. Objects of the same image are shown by the same editor, so that the zoom stays. */
export function useItemEditor(item: ReviewItem, { me, classes }: Around): Editor {
  const first = useRef({ item, classes });
  first.current = { item, classes };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image needs another editor, another object does not
  const editor = useMemo(
    () =>
      new Editor({
        image: labeledImage(first.current.item.image_detail, [first.current.item]),
        classes: first.current.classes,
        me,
        readOnly: true,
        ready: false,
        about: first.current.item.id,
        ports: { predict: never, newId: newOpId },
      }),
    [item.image, me],
  );
  const others = useAnnotations(item.image).data;
  // Before the browser paints: the object and where to look come together.
  useLayoutEffect(() => {
    const context = (others ?? []).filter(({ id }) => id !== item.id);
    editor.receive(new Map([...context, item].map((annotation) => [annotation.id, annotation])));
    editor.turnTo(item.id);
  }, [editor, others, item]);
  useEffect(() => editor.setClasses(classes), [editor, classes]);
  return editor;
}
