import { useEffect, useRef } from "react";
import { isTaken } from "../../editor/keys";
import type { Box } from "../../geometry/box";
import type { Annotation, LabelClass } from "../../model/annotation";
import type { Finding, Fix } from "../../model/checks";
import type { LabeledImage } from "../../model/labeledImage";
import type { Rules } from "../../model/rules";
import styles from "./checks.module.css";
import { useFindings } from "./useFindings";

interface ChecksProps {
  annotation: Annotation;
  image: LabeledImage;
  classes: readonly LabelClass[];
  rules: Rules;
  /** Left out where nothing may be changed. */
  onFix?: ((fix: Fix) => void) | undefined;
  /** Shows a place in the image, or none any more. */
  onLight?: (at: Box | null) => void;
}

/** What is probably wrong with an annotation, each with the key of its fix: Shift and its place in the list. */
export function Checks({ annotation, image, classes, rules, onFix, onLight }: ChecksProps) {
  const findings = useFindings(annotation, { image, classes, rules });
  const fixes = findings.map(({ fix }) => fix);
  const fix = (one: Fix) => {
    onLight?.(null);
    onFix?.(one);
  };
  useFixKeys(fixes, onFix && fix);
  if (findings.length === 0) return null;
  return (
    <section className={styles.checks} aria-label="Checks">
      <h2>Checks</h2>
      <ol>
        {findings.map((finding, i) => (
          <Row key={finding.check} finding={finding} place={i + 1} onFix={onFix && fix} onLight={onLight} />
        ))}
      </ol>
    </section>
  );
}

interface RowProps {
  finding: Finding;
  place: number;
  onFix: ((fix: Fix) => void) | undefined;
  onLight: ((at: Box | null) => void) | undefined;
}

function Row({ finding: { sentence, at, fix }, place, onFix, onLight }: RowProps) {
  useEffect(() => () => onLight?.(null), [onLight]);
  const light = () => onLight?.(at);
  const darken = () => onLight?.(null);
  return (
    <li onPointerEnter={light} onPointerLeave={darken}>
      <span>{sentence}</span>
      {fix && onFix && (
        <button type="button" onFocus={light} onBlur={darken} onClick={() => onFix(fix)}>
          {fix.name} <kbd>⇧{place}</kbd>
        </button>
      )}
    </li>
  );
}

/** By the place of the key, since Shift makes another sign of a digit on each keyboard. On French ones it makes the digit:
 * there the key without Shift still chooses a class. */
function useFixKeys(fixes: readonly (Fix | null)[], onFix: ((fix: Fix) => void) | undefined) {
  const newest = useRef({ fixes, onFix });
  useEffect(() => {
    newest.current = { fixes, onFix };
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const [, digit] = /^Digit([1-9])$/.exec(event.code) ?? [];
      const plain = event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
      const fix = newest.current.fixes[Number(digit) - 1];
      if (!digit || !plain || !fix || isTaken(event, event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      newest.current.onFix?.(fix);
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
}
