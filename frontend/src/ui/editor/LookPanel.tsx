import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import type { CommandContext } from "../../editor/commands";
import { LIMITS, PLAIN_LOOK } from "../../editor/personal";
import { CommandButton } from "./CommandButton";
import editorStyles from "./editor.module.css";
import styles from "./panels.module.css";
import { useEditor } from "./useEditor";
import { isByPointer } from "./usePointerFocus";

interface LookPanelProps {
  context: CommandContext;
  canvas: RefObject<HTMLElement | null>;
  onClose: () => void;
}

const DEGREES = [
  { name: "brightness", label: "Brightness" },
  { name: "contrast", label: "Contrast" },
  { name: "gamma", label: "Gamma" },
  { name: "opacity", label: "Mask opacity" },
] as const;

/** How the photograph and the masks are shown. Beside the image, since people watch it while they set this. */
export function LookPanel({ context, canvas, onClose }: LookPanelProps) {
  const { editor } = context;
  const look = useEditor(editor, (snapshot) => snapshot.look);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const back = canvas.current;
    // With a mouse people see what they set, and their keys stay on the image.
    if (!isByPointer(panel.current)) panel.current?.querySelector("input")?.focus({ preventScroll: true });
    return () => back?.focus({ preventScroll: true });
  }, [canvas]);
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === "Escape") onClose();
  };
  return (
    <section ref={panel} role="dialog" aria-label="View" className={styles.look} onKeyDown={onKeyDown}>
      <header>
        <CommandButton id="fit" context={context} />
        <CommandButton id="actualSize" context={context} />
        <CommandButton id="zoomTo" context={context} />
        <button type="button" className={editorStyles.button} onClick={() => editor.setLook(PLAIN_LOOK)}>
          Reset
        </button>
        <button type="button" className={editorStyles.button} aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      {DEGREES.map(({ name, label }) => (
        <label key={name}>
          <span>{label}</span>
          <input
            type="range"
            min={LIMITS[name][0]}
            max={LIMITS[name][1]}
            step={0.05}
            value={look[name]}
            aria-valuetext={percent(look[name])}
            onChange={(event) => editor.setLook({ [name]: Number(event.currentTarget.value) })}
          />
          <output>{percent(look[name])}</output>
        </label>
      ))}
      <label>
        <span>Outlines</span>
        <input
          type="checkbox"
          checked={look.outlines}
          onChange={(event) => editor.setLook({ outlines: event.currentTarget.checked })}
        />
      </label>
      <fieldset>
        <legend>Colours by</legend>
        {(["class", "object"] as const).map((colourBy) => (
          <label key={colourBy}>
            <input
              type="radio"
              name="colourBy"
              checked={look.colourBy === colourBy}
              onChange={() => editor.setLook({ colourBy })}
            />
            {colourBy}
          </label>
        ))}
      </fieldset>
    </section>
  );
}

const percent = (value: number): string => `${Math.round(value * 100)} %`;

/** The curve that brightness and contrast cannot make; the renderer names it. */
export function GammaCurve({ context: { editor } }: { context: CommandContext }) {
  const gamma = useEditor(editor, (snapshot) => snapshot.look.gamma);
  const exponent = 1 / gamma;
  return (
    <svg className={editorStyles.hiddenText} aria-hidden="true">
      <filter id="photo-gamma" colorInterpolationFilters="sRGB">
        <feComponentTransfer>
          <feFuncR type="gamma" exponent={exponent} />
          <feFuncG type="gamma" exponent={exponent} />
          <feFuncB type="gamma" exponent={exponent} />
        </feComponentTransfer>
      </filter>
    </svg>
  );
}
