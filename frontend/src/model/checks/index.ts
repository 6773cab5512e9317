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

/** What is probably wrong with an annotation. */
export const findingsOf = (annotation: Annotation, context: CheckContext): Finding[] =>
  CHECKS.flatMap((check) => check(annotation, context) ?? []);
