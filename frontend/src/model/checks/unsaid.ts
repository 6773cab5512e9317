import { missingOf } from "../attributes";
import type { Check } from "./finding";

/** Attributes that its class asks for and nobody has said. Only people can. */
export const unsaid: Check = (annotation, { classes }) => {
  const names = annotation.kind === "tag" ? [] : missingOf(annotation, classes);
  if (names.length === 0) return null;
  return { check: "unsaid", sentence: `Nobody has said: ${names.join(", ")}`, at: null, fix: null };
};
