import type { Annotation } from "../annotation";
import { crossing } from "./crossing";
import { duplicate } from "./duplicate";
import type { Check, CheckContext, Finding } from "./finding";
import { outside } from "./outside";
import { overlap } from "./overlap";
import { pinholes } from "./pinholes";
import { specks } from "./specks";
import { unsaid } from "./unsaid";

export type { Check, CheckContext, Finding, Fix } from "./finding";

/** The gravest first. */
export const CHECKS: readonly Check[] = [duplicate, overlap, specks, pinholes, crossing, outside, unsaid];

/** Those that look at one object alone: what they find stays true for as long as its geometry is the same. */
const OWN: readonly Check[] = [specks, pinholes, crossing, outside];

const known = new WeakMap<object, { readonly id: string; readonly findings: readonly Finding[] }>();

function ownFindings(annotation: Annotation, context: CheckContext): readonly Finding[] {
  const geometry = annotation.segmentation ?? annotation.polygon ?? annotation.bbox ?? annotation;
  const before = known.get(geometry);
  // Copies share their geometry, and a fix names what it mends.
  if (before?.id === annotation.id) return before.findings;
  const findings = OWN.flatMap((check) => check(annotation, context) ?? []);
  known.set(geometry, { id: annotation.id, findings });
  return findings;
}

/**
 * The findings on an annotation that are cheap enough for thousands of them. Missing attributes are shown elsewhere, and
 * masks that must not overlap are cut when they are made.
 */
export const quickFindingsOf = (annotation: Annotation, context: CheckContext): readonly Finding[] => {
  const twin = duplicate(annotation, context);
  return twin ? [twin, ...ownFindings(annotation, context)] : ownFindings(annotation, context);
};

/** What is probably wrong with an annotation. */
export const findingsOf = (annotation: Annotation, context: CheckContext): Finding[] =>
  CHECKS.flatMap((check) => check(annotation, context) ?? []);
