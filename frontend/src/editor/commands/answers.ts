import { type Command, named } from "./command";

/** How annotators answer what reviewers sent back. */
export const answerCommands: readonly Command[] = [
  {
    id: "resolvePin",
    group: "Image",
    label: named("Resolve the pin of a missing object that is drawn now"),
    keys: ["Shift+C"],
    icon: "check",
    once: true,
    enabled: ({ page }) => page.resolvePin !== undefined,
    run: ({ page }) => page.resolvePin?.(),
  },
  {
    id: "dispute",
    group: "Image",
    label: named("Say that what came back is right"),
    keys: ["Shift+Y"],
    icon: "comment",
    enabled: ({ page }) => page.dispute !== undefined,
    run: ({ page }) => page.dispute?.(),
  },
];
