import type { Vector } from "../geometry/vector";
import type { Editor } from "./Editor";

const MIDDLE = 1;
const RIGHT = 2;
/** Pixels of a wheel turn, in lines or pages where the browser counts so, to one factor of zoom. */
const UNITS = [1, 16, 400];

/** Brings mouse, pen and wheel to the editor, until the answered function is called. */
export function attachPointer(canvas: HTMLElement, editor: Editor): () => void {
  const attached = new AbortController();
  const { signal } = attached;
  let spaceHeld = false;
  let panning: Vector | null = null;

  let last: Vector = { x: 0, y: 0 };

  const at = (event: MouseEvent): Vector => {
    last = within(canvas, event);
    return last;
  };
  const showPan = () => {
    canvas.dataset["pan"] = panning ? "moving" : spaceHeld ? "ready" : "";
  };

  canvas.addEventListener(
    "pointerdown",
    (event) => {
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      if (event.button === MIDDLE || spaceHeld) {
        event.preventDefault();
        panning = at(event);
        showPan();
      } else
        editor.down(at(event), { removes: event.button === RIGHT || event.altKey, shift: event.shiftKey });
    },
    { signal },
  );
  // The browser would give the canvas the focus after this, and take it from what a press has opened, as a comment's box.
  canvas.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
  canvas.addEventListener(
    "pointermove",
    (event) => {
      const here = at(event);
      if (!panning) {
        editor.move(here);
        return;
      }
      editor.pan({ x: here.x - panning.x, y: here.y - panning.y });
      panning = here;
    },
    { signal },
  );
  const release = (where: Vector) => {
    if (!panning) editor.up(where);
    panning = null;
    showPan();
  };
  canvas.addEventListener("pointerup", (event) => release(at(event)), { signal });
  // The system took the touch over, as for a gesture of its own, and does not say where.
  canvas.addEventListener("pointercancel", () => release(last), { signal });
  canvas.addEventListener("pointerleave", () => editor.leave(), { signal });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  const onSpace = (held: boolean) => (event: KeyboardEvent) => {
    const elsewhere = event.target instanceof Element && event.target.closest("input, textarea, button, a");
    // With a crosshair under the keys Space is how it clicks.
    if (event.key !== " " || (held && (elsewhere || editor.getSnapshot().crosshair))) return;
    if (held) event.preventDefault();
    spaceHeld = held;
    showPan();
  };
  window.addEventListener("keydown", onSpace(true), { signal });
  window.addEventListener("keyup", onSpace(false), { signal });
  // In another window nobody tells when it is let go.
  const onBlur = () => {
    spaceHeld = false;
    showPan();
  };
  window.addEventListener("blur", onBlur, { signal });
  const detachWheel = attachWheel(canvas, editor);
  return () => {
    attached.abort();
    detachWheel();
  };
}

/** The wheel zooms, over the canvas and over what lies on it: an element that begins where the canvas does. */
export function attachWheel(element: HTMLElement, editor: Editor): () => void {
  const turn = (event: WheelEvent) => {
    event.preventDefault();
    const turned = event.deltaY * (UNITS[event.deltaMode] ?? 1);
    editor.zoom(within(element, event), Math.exp(-turned / (event.ctrlKey ? 100 : 500)));
  };
  element.addEventListener("wheel", turn, { passive: false });
  return () => element.removeEventListener("wheel", turn);
}

function within(element: HTMLElement, event: MouseEvent): Vector {
  const { left, top } = element.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
