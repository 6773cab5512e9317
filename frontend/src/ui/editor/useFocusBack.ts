import { type RefObject, useLayoutEffect } from "react";

type Element = RefObject<HTMLElement | null>;

/** What is done by keys in an element can end the element too; the keys go on on the canvas then. */
export function useFocusBack(element: Element, canvas: Element): void {
  useLayoutEffect(() => {
    const within = element.current;
    return () => {
      if (within?.contains(document.activeElement)) canvas.current?.focus({ preventScroll: true });
    };
  }, [element, canvas]);
}
