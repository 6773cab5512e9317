import {
  fillHoles,
  growMasks,
  intersectAnnotations,
  keepLargest,
  mergeAnnotations,
  removeSpecks,
  smoothMasks,
  splitAnnotation,
  subtractAnnotations,
} from "../../model/actions/reshape";
import type { LabeledImage } from "../../model/labeledImage";
import type { Kind } from "../../model/rules";
import {
  type Command,
  type CommandContext,
  labels,
  named,
  selected,
  shown,
  theOnlySelected,
} from "./command";

const kinds = ({ editor }: CommandContext, ids: readonly string[]) =>
  ids.map((id) => editor.image.annotations.get(id)?.kind);

const makes = (context: CommandContext, kind: Kind): boolean =>
  labels(context) && shown(context).rules.kinds.includes(kind);

const someMasks = (context: CommandContext): boolean => {
  const ids = selected(context);
  return labels(context) && ids.length > 0 && kinds(context, ids).every((kind) => kind === "mask");
};

/** Masks and polygons have pixels to reckon with. */
const severalAreas = (context: CommandContext): boolean => {
  const ids = selected(context);
  const areas = kinds(context, ids).every((kind) => kind === "mask" || kind === "polygon");
  return makes(context, "mask") && ids.length > 1 && areas;
};

interface Reshaping {
  readonly id: string;
  readonly name: string;
  /** As undo calls it, before what it is done to. */
  readonly deed: string;
  readonly key: string;
  readonly action: (...ids: string[]) => (image: LabeledImage) => LabeledImage;
  /** What to say when it changes nothing. */
  readonly otherwise: string;
}

const reshaping = ({ id, name, deed, key, action, otherwise }: Reshaping): Command => ({
  id,
  group: "Shapes",
  label: named(name),
  keys: [key],
  icon: id as Command["icon"],
  enabled: someMasks,
  run: (context) => {
    const ids = selected(context);
    const done = context.editor.edit(`${deed} ${context.editor.names(ids)}`, action(...ids));
    if (!done) context.editor.say(otherwise);
  },
});

export const shapeCommands: readonly Command[] = [
  {
    id: "boxToMask",
    group: "Shapes",
    label: named("Make a mask of the box with SAM"),
    keys: ["T"],
    icon: "boxToMask",
    enabled: (context) => makes(context, "mask") && theOnlySelected(context)?.kind === "box",
    run: (context) => context.editor.maskFromBox(selected(context)[0] ?? ""),
  },
  {
    id: "convert",
    group: "Shapes",
    label: (context) =>
      theOnlySelected(context)?.kind === "polygon"
        ? "Make a mask of the polygon"
        : "Make a polygon of the mask",
    keys: ["Y"],
    icon: "polygon",
    enabled: (context) => {
      const kind = theOnlySelected(context)?.kind;
      return (kind === "mask" && makes(context, "polygon")) || (kind === "polygon" && makes(context, "mask"));
    },
    run: (context) => context.editor.convert(selected(context)[0] ?? ""),
  },
  {
    id: "merge",
    group: "Shapes",
    label: named("Merge what is selected into the first"),
    keys: ["M"],
    icon: "merge",
    enabled: severalAreas,
    run: (context) => {
      const ids = selected(context);
      context.editor.edit(`merge of ${context.editor.names(ids)}`, mergeAnnotations(...ids));
    },
  },
  {
    id: "subtract",
    group: "Shapes",
    label: named("Take the others away from the first selected"),
    keys: ["Shift+M"],
    icon: "subtract",
    enabled: severalAreas,
    run: (context) => {
      const { editor } = context;
      const [first = "", ...others] = selected(context);
      const label = `subtraction of ${editor.names(others)} from ${editor.names([first])}`;
      if (!editor.edit(label, subtractAnnotations(first, ...others)))
        editor.say("They do not overlap, or nothing would be left of it.");
    },
  },
  {
    id: "intersect",
    group: "Shapes",
    label: named("Keep of the first selected what the others cover too"),
    keys: ["I"],
    icon: "intersect",
    enabled: severalAreas,
    run: (context) => {
      const { editor } = context;
      const [first = "", ...others] = selected(context);
      const label = `intersection of ${editor.names([first])} with ${editor.names(others)}`;
      if (!editor.edit(label, intersectAnnotations(first, ...others)))
        editor.say("They have nothing in common, or it lies inside the others already.");
    },
  },
  {
    id: "split",
    group: "Shapes",
    label: named("Split the mask into its parts"),
    keys: ["Shift+S"],
    icon: "split",
    enabled: (context) => someMasks(context) && selected(context).length === 1,
    run: (context) => {
      const { editor } = context;
      const [id = ""] = selected(context);
      if (!editor.edit(`split of ${editor.names([id])}`, splitAnnotation(id, editor.newId)))
        editor.say("This mask is all one part.");
    },
  },
  reshaping({
    id: "fillHoles",
    name: "Fill the holes",
    deed: "filling of holes in",
    key: "Shift+F",
    action: fillHoles,
    otherwise: "There are no holes in it.",
  }),
  reshaping({
    id: "keepLargest",
    name: "Keep only the largest part",
    deed: "removal of smaller parts from",
    key: "Shift+K",
    action: keepLargest,
    otherwise: "This mask is all one part.",
  }),
  reshaping({
    id: "removeSpecks",
    name: "Remove specks",
    deed: "removal of specks from",
    key: "Shift+R",
    action: removeSpecks,
    otherwise: "It has no specks: parts smaller than a hundredth of its largest.",
  }),
  {
    id: "tidyMasks",
    group: "Shapes",
    label: (context) =>
      shown(context).tidiesMasks
        ? "Keep masks as the model makes them, with specks and pinholes"
        : "Mend specks and pinholes whenever a mask is kept",
    keys: [],
    icon: "tidy",
    enabled: labels,
    run: (context) => {
      const tidies = !shown(context).tidiesMasks;
      context.editor.setTidiesMasks(tidies);
      context.editor.say(
        tidies
          ? "From now on masks lose their specks and pinholes when they are kept."
          : "From now on masks are kept as the model makes them.",
      );
    },
  },
  reshaping({
    id: "grow",
    name: "Grow by a pixel",
    deed: "growing of",
    key: "}",
    action: (...ids) => growMasks(1, ...ids),
    otherwise: "It fills the image already.",
  }),
  reshaping({
    id: "shrink",
    name: "Shrink by a pixel",
    deed: "shrinking of",
    key: "{",
    action: (...ids) => growMasks(-1, ...ids),
    otherwise: "Nothing would be left of it.",
  }),
  reshaping({
    id: "smooth",
    name: "Smooth the edge",
    deed: "smoothing of",
    key: "O",
    action: smoothMasks,
    otherwise: "Its edge is smooth already.",
  }),
];
