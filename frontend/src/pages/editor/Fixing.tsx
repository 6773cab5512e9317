import { useEffect } from "react";
import { Link, useSearchParams } from "react-router";
import type { Editor } from "../../editor/Editor";
import { Banner } from "../../ui/editor/Banner";
import styles from "../../ui/editor/editor.module.css";

/** `?object=` of the address is selected and in sight; `?back=` is where whoever came to mend it goes on. */
export function Fixing({ editor }: { editor: Editor }) {
  const [query] = useSearchParams();
  const [object, back] = [query.get("object"), query.get("back")];
  useEffect(() => {
    if (!object || !editor.image.annotations.has(object)) return;
    editor.setTool("select");
    editor.select(object);
    editor.zoomTo(object);
  }, [editor, object]);
  // Only into the app: an address can be made by anybody.
  if (!back?.startsWith("/projects/")) return null;
  return (
    <Banner
      tone="info"
      actions={
        <Link className={styles.button} to={back}>
          Back to the review
        </Link>
      }
    >
      Mend what is selected. Your marks are kept, and it waits for your verdict as you leave it.
    </Banner>
  );
}
