import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Editor } from "../../../editor/Editor";
import type { Annotation } from "../../../model/annotation";
import { labeledImage } from "../../../model/labeledImage";
import { classes, me, stubBrowser } from "../../editor/testing";
import { reviewItem } from "../testing";
import { ReviewStage } from "./ReviewStage";

test("the version that stands beside is handed to the view, to fit with the present one, and no longer than it stands there", () => {
  stubBrowser();
  const item = reviewItem();
  const was = { ...item, bbox: [6, 6, 1, 1] } as Annotation;
  const editor = new Editor({
    image: labeledImage(item.image_detail, [item]),
    classes,
    me,
    readOnly: true,
    ready: false,
    about: item.id,
    ports: { predict: () => new Promise(() => {}), newId: () => "new" },
  });
  const stage = (beside: Annotation | null) => (
    <ReviewStage editor={editor} item={item} photo={null} display="fill" was={beside} />
  );
  const { rerender } = render(stage(was));
  expect(editor.getSnapshot().past).toBe(was);
  rerender(stage(null));
  expect(editor.getSnapshot().past).toBeNull();
});
