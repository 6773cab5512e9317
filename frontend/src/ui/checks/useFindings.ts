import { useEffect, useState } from "react";
import type { Annotation } from "../../model/annotation";
import { CHECKS, type CheckContext, type Finding } from "../../model/checks";

/** Milliseconds without a change after which an object is checked: people who go on never wait for that. */
const REST_MS = 120;

/**
 * What is probably wrong with an annotation, found in tasks of their own, one check each. What was found stays until
 * it is found anew, as long as it is the same annotation.
 */
export function useFindings(
  annotation: Annotation,
  { image, classes, rules }: CheckContext,
): readonly Finding[] {
  const [found, setFound] = useState<{ id: string; findings: readonly Finding[] } | null>(null);
  useEffect(() => {
    const context = { image, classes, rules };
    const findings: Finding[] = [];
    const next = (at: number) => {
      findings.push(...[CHECKS[at]?.(annotation, context) ?? []].flat());
      if (at + 1 < CHECKS.length) timer = setTimeout(() => next(at + 1));
      else setFound({ id: annotation.id, findings });
    };
    let timer = setTimeout(() => next(0), REST_MS);
    return () => clearTimeout(timer);
  }, [annotation, image, classes, rules]);
  return found?.id === annotation.id ? found.findings : [];
}
