import type { Assignment, Progress, Project } from "../../server/types";
import { counted } from "../bits/number";

/** Something that a person can do next in a project, the likeliest first. */
export type Offer =
  /** Images that they have open. */
  | { readonly kind: "continue"; readonly image: string; readonly count: number }
  /** Images that whoever asks may have. */
  | { readonly kind: "next"; readonly count: number }
  | { readonly kind: "review"; readonly masks: number; readonly images: number }
  /** Images that a manager may give to somebody. */
  | { readonly kind: "assign"; readonly count: number };

interface Known {
  readonly project: Pick<Project, "id" | "permissions" | "my_roles">;
  readonly progress: Pick<Progress, "images" | "annotations"> | undefined;
  readonly work: readonly Assignment[];
  /** Whether they label, by their role or because they have just done so. */
  readonly labels?: boolean;
  /** How many images wait for this very reviewer; else those that wait for anybody are counted. */
  readonly images?: number | undefined;
}

export const labelsIn = ({ my_roles }: Pick<Project, "my_roles">): boolean => my_roles.includes("annotator");

export function offersFor(known: Known): Offer[] {
  const { project, progress, work, labels = labelsIn(project) } = known;
  const offers: Offer[] = [];
  const mine = work.filter((item) => item.project.id === project.id);
  const first = mine.find((item) => item.state === "returned") ?? mine[0];
  if (first) offers.push({ kind: "continue", image: first.image.id, count: mine.length });
  if (!progress) return offers;
  const { available, unassigned, to_review } = progress.images;
  const images = known.images ?? to_review;
  const masks = progress.annotations["submitted"] ?? 0;
  if (labels && available > 0) offers.push({ kind: "next", count: available });
  if (project.permissions.includes("review") && masks + images > 0)
    offers.push({ kind: "review", masks, images });
  if (!labels && project.permissions.includes("assign") && unassigned > 0)
    offers.push({ kind: "assign", count: unassigned });
  return offers;
}

/** The label of its button. */
export function labelOf(offer: Offer): string {
  switch (offer.kind) {
    case "continue":
      return offer.count === 1 ? "Continue your image" : `Continue your ${offer.count} images`;
    case "next":
      return "Get next image";
    case "review":
      return `Review ${toReview(offer)}`;
    case "assign":
      return `Assign ${counted(offer.count, "image")}`;
  }
}

/** The offer as a sentence. */
export function factOf(offer: Offer): string {
  switch (offer.kind) {
    case "continue":
      return `${counted(offer.count, "image is", "images are")} assigned to you.`;
    case "next":
      return `${counted(offer.count, "image is", "images are")} available to label.`;
    case "review":
      return `${toReview(offer)} ${offer.masks + offer.images === 1 ? "waits" : "wait"} for review.`;
    case "assign":
      return `${counted(offer.count, "image is", "images are")} unassigned.`;
  }
}

const toReview = ({ masks, images }: { masks: number; images: number }): string =>
  [masks > 0 && counted(masks, "mask"), images > 0 && counted(images, "image")].filter(Boolean).join(" and ");

/** The sentence shown where there is nothing to offer, for the roles that somebody has in the project. */
export function nothingFor({ permissions, my_roles }: Pick<Project, "permissions" | "my_roles">): string {
  const facts = [
    labelsIn({ my_roles }) && "Every image is assigned or finished.",
    permissions.includes("review") && "Nothing waits for review.",
    permissions.includes("assign") && "Every image is assigned.",
  ].filter(Boolean);
  return facts.join(" ") || "You can view this project but not edit it.";
}
