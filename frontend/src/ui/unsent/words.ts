import type { Annotation } from "../../model/annotation";
import type { Waiting } from "../../sync/waiting";
import { counted } from "../bits/number";

/** "3 edits of 2 images wait to be sent". */
export function waitingSentence(images: readonly Waiting[]): string {
  const edits = images.reduce((sum, { count }) => sum + count, 0);
  const verb = edits === 1 ? "waits" : "wait";
  return `${counted(edits, "edit")} of ${counted(images.length, "image")} ${verb} to be sent`;
}

const nameIn = ({ classes }: Waiting, { class_id, kind }: Annotation): string => {
  const name = classes.find(({ id }) => id === class_id)?.name ?? "of a class that is gone";
  return kind === "tag" ? `tag ${name}` : name;
};

/** What the edits hold: "2 Sheep · 1 tag Night · 1 deleted". */
export function contentOf(waiting: Waiting): string {
  const names = waiting.edits.now.map(([, annotation]) =>
    annotation ? nameIn(waiting, annotation) : "deleted",
  );
  const kinds = [...new Set(names)];
  return kinds.map((kind) => `${names.filter((name) => name === kind).length} ${kind}`).join(" · ");
}

const UNTRIED = "Not sent yet.";
const ONLY_HERE = "This browser keeps nothing: do not close this tab.";

/** Why they are still here, and what becomes of them. */
export function reasonFor({ why, held, onlyHere }: Waiting): string {
  const reason = `${why?.reason ?? UNTRIED}${onlyHere ? ` ${ONLY_HERE}` : ""}`;
  if (held) return `${reason} The image is open in another tab.`;
  if (why?.cure === "edit") return `${reason} Kept as a draft.`;
  return why?.cure === "login" ? `${reason} Sent when you have logged in.` : reason;
}
