import type { LabelClass } from "../annotation";
import type { LabeledImage } from "../labeledImage";
import type { Rules } from "../rules";
import { quickFindingsOf } from ".";

interface World {
  readonly classes: readonly LabelClass[];
  readonly rules: Rules;
}

/** An object has no more checks than this, each of which can be mended once. */
const MAX_FIXES = 8;

/**
 * Mends all that can be mended of some objects. The topmost come first, so that of two that are the same the one below
 * stays; each is checked anew after every fix, as that may mend another one too.
 */
export const fixAll =
  (ids: readonly string[], world: World) =>
  (image: LabeledImage): LabeledImage =>
    ids.toReversed().reduce((before, id) => fixOne(before, id, world), image);

function fixOne(image: LabeledImage, id: string, world: World): LabeledImage {
  let fixed = image;
  for (let fixes = 0; fixes < MAX_FIXES; fixes++) {
    const annotation = fixed.annotations.get(id);
    const findings = annotation ? quickFindingsOf(annotation, { image: fixed, ...world }) : [];
    const next = findings.map(({ fix }) => fix?.action(fixed) ?? fixed).find((after) => after !== fixed);
    if (!next) return fixed;
    fixed = next;
  }
  return fixed;
}
