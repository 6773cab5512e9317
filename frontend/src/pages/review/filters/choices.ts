import type { Choice } from "./ChoiceFilter";

export const SOURCES: readonly Choice[] = [
  { value: "sam", label: "SAM" },
  { value: "proposal", label: "Proposal" },
  { value: "brush", label: "Brush" },
  { value: "polygon", label: "Polygon" },
  { value: "box", label: "Box" },
  { value: "tag", label: "Tag" },
  { value: "import", label: "Import" },
];

export const SIZES: readonly Choice[] = [
  { value: "small", label: "Small, below 32 × 32 pixels" },
  { value: "medium", label: "Medium" },
  { value: "large", label: "Large, from 96 × 96 pixels" },
];

export const RESUBMISSIONS: readonly Choice[] = [
  { value: "reworked", label: "Reworked" },
  { value: "disputed", label: "Disputed" },
];

export const VERDICTS: readonly Choice[] = [
  { value: "waiting", label: "Waiting" },
  { value: "accepted", label: "Accepted" },
  { value: "fixed", label: "Fixed" },
  { value: "rejected", label: "Rejected" },
  { value: "policy", label: "Accepted by policy" },
];
