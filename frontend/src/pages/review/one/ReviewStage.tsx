import { useEffect, useMemo, useRef } from "react";
import { Editor } from "../../../editor/Editor";
import type { LabelClass, Person } from "../../../model/annotation";
import { labeledImage } from "../../../model/labeledImage";
import { useAnnotations } from "../../../server/annotations";
import { newOpId } from "../../../server/client";
import { Stage } from "../../../ui/editor/Stage";
import { usePhoto } from "../../editor/usePhoto";
import { sceneAbout } from "./scene";
import type { Item } from "./useReview";

interface ReviewStageProps {
  item: Item;
  classes: readonly LabelClass[];
  me: Person;
  outlineOnly: boolean;
}

const never = () => Promise.reject(new Error("Masks are not made while reviewing."));

/** The mask to be judged, in its image; wheel and drag work as in the editor. */
export function ReviewStage({ item, classes, me, outlineOnly }: ReviewStageProps) {
  const canvas = useRef<HTMLDivElement>(null);
  const photo = usePhoto(item.image_detail.file_url);
  const others = useAnnotations(item.image).data;
  const editor = useMemo(
    () =>
      new Editor({
        image: labeledImage(item.image_detail, [item]),
        classes,
        me,
        readOnly: true,
        ready: false,
        about: item.id,
        ports: { predict: never, newId: newOpId },
      }),
    [item, classes, me],
  );
  useEffect(() => {
    const context = (others ?? []).filter(({ id }) => id !== item.id);
    editor.receive(new Map(context.map((annotation) => [annotation.id, annotation])));
  }, [editor, others, item.id]);
  const makeScene = useMemo(() => sceneAbout(item.id, outlineOnly), [item.id, outlineOnly]);
  return (
    <Stage
      editor={editor}
      photo={photo.element}
      canvas={canvas}
      label={`The mask to be judged, in ${item.image_detail.name}`}
      makeScene={makeScene}
    />
  );
}
