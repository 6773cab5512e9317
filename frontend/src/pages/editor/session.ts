import { Editor } from "../../editor/Editor";
import { type Hand, handOf } from "../../editor/hand";
import { type Personal, personalOf, recall, remember } from "../../editor/personal";
import { settled } from "../../editor/settled";
import { isKeeping } from "../../editor/toolbox";
import type { Annotation, LabelClass, Person } from "../../model/annotation";
import { labeledImage } from "../../model/labeledImage";
import type { Patch } from "../../model/patch";
import type { Prediction, Prompt } from "../../model/prediction";
import type { Rules } from "../../model/rules";
import { listAnnotations } from "../../server/annotations";
import { newOpId } from "../../server/client";
import { predict } from "../../server/images";
import { Problem } from "../../server/problem";
import type { ImageInfo, PredictRequest } from "../../server/types";
import { takeToEdit } from "../../sync/imageTurns";
import { onKeptChange, type Place } from "../../sync/keptEdits";
import { Outbox } from "../../sync/outbox";
import { serverFor } from "../../sync/outboxServer";
import { browserStore } from "../../sync/outboxStore";
import { withTabMemory } from "../../sync/tabMemory";
import { onResume } from "../../sync/unsentPorts";

/** One image being edited: the editor, and the outbox that brings its edits to the server. */
export interface EditSession {
  readonly editor: Editor;
  readonly outbox: Outbox;
  readonly close: () => void;
}

export interface SessionInput {
  readonly image: ImageInfo;
  readonly projectName: string;
  readonly classes: readonly LabelClass[];
  readonly me: Person;
  readonly readOnly: boolean;
  readonly rules: Rules;
}

/** What a person has in hand in a project, for as long as the page stays open. */
const hands = new Map<string, Hand>();

type Known = readonly Annotation[] | undefined;
type Last = Promise<EditSession | undefined>;

/** The last session of each image in this tab: it lets go of its unsaved edits before the next one takes them over. */
const sessions = new Map<string, Last>();
/** Those that are over, the newest last. */
const over: [key: string, session: Last][] = [];
/** So many of them are kept, for whoever goes back: what they know of an image can be large. */
const KEPT = 3;

/** Opens an image once an earlier session of it has let go. `fetched` is what the server had when it was fetched ahead. */
export function openSession(input: SessionInput, fetched?: Annotation[]): Promise<EditSession> {
  const key = `${input.me.id}:${input.image.id}`;
  const before = sessions.get(key) ?? Promise.resolve(undefined);
  const session = before.then(async (last) => {
    if (last) await settled(last.editor);
    await last?.outbox.close();
    return open(input, last ? [...last.outbox.saved.values()] : fetched, () => retire(key, known));
  });
  const known = session.catch(() => undefined);
  sessions.set(key, known);
  return session;
}

function retire(key: string, session: Last): void {
  over.push([key, session]);
  for (const [old, its] of over.splice(0, over.length - KEPT))
    if (sessions.get(old) === its) sessions.delete(old);
}

/**
 * Opens an image with what the server has and what an earlier page could not save. `known` is what the server had a
 * while ago, to begin with; what has happened since comes after. Raises `Problem`.
 */
async function open(input: SessionInput, known: Known, onEnd: () => void): Promise<EditSession> {
  const { image, classes, me, readOnly, rules } = input;
  const whose = `${me.id}:${image.project}`;
  let editor: Editor | null = null;
  const { outbox, letGo } = await openOutbox(input, known, (patch) => editor?.receive(patch));
  editor = new Editor({
    image: labeledImage(image, outbox.annotations.values()),
    classes,
    me,
    readOnly,
    rules,
    ready: image.embedding.state === "ready",
    hand: hands.get(whose),
    personal: recall(me.id),
    ports: { predict: (prompt) => answerTo(image.id, prompt), newId: newOpId },
  });
  const disconnect = connect(editor, outbox, letGo);
  const forget = keepPersonal(editor, me.id);
  if (known) void outbox.refresh().catch(() => undefined);
  const { getSnapshot } = editor;
  const close = () => {
    hands.set(whose, handOf(getSnapshot()));
    forget();
    // A candidate kept by Enter becomes an object even if the image was left meanwhile.
    void settled(editor).then(disconnect).finally(onEnd);
  };
  return { editor, outbox, close };
}

/** From here on nobody else sends what was left of the image. */
async function openOutbox(input: SessionInput, known: Known, onPatch: (patch: Patch) => void) {
  const { image, me } = input;
  const letGo = await takeToEdit(`${me.id}:${image.id}`);
  try {
    const place = placeOf(input);
    const store = withTabMemory(browserStore(place), place);
    const server = serverFor(me.id, image.id);
    const outbox = await Outbox.open({ store, server, onPatch }, known ?? (await listAnnotations(image.id)));
    return { outbox, letGo };
  } catch (error) {
    letGo();
    throw error;
  }
}

const placeOf = ({ image, projectName, classes, me }: SessionInput): Place => ({
  person: me.id,
  image: image.id,
  name: image.name,
  project: projectName,
  width: image.width,
  height: image.height,
  thumbnail: image.thumbnail_url,
  classes: classes.map(({ id, name, colour }) => ({ id, name, colour })),
});

/** What a person sets here is there on the next image, and tomorrow. */
function keepPersonal(editor: Editor, person: string): () => void {
  let known = personalOf(editor.getSnapshot());
  return editor.subscribe(() => {
    const now = personalOf(editor.getSnapshot());
    const changed = (Object.keys(now) as (keyof Personal)[]).some((name) => now[name] !== known[name]);
    if (!changed) return;
    known = now;
    remember(person, now);
  });
}

/** Answers how to end it; that resolves once all is let go of. */
function connect(editor: Editor, outbox: Outbox, letGo: () => void): () => Promise<void> {
  const ends = [
    editor.subscribe(() => outbox.put(editor.image.annotations)),
    outbox.subscribe(() => tellConflicts(editor, outbox)),
    onResume(() => void outbox.flush()),
    onKeptChange(() => void outbox.takeOver()),
    guard(editor, outbox),
  ];
  tellConflicts(editor, outbox);
  // A page that was just left, as by a reload, may hold its edits a moment longer.
  const again = setTimeout(() => void outbox.takeOver(), 1000);
  return async () => {
    clearTimeout(again);
    for (const end of ends) end();
    // Whatever this does not get through in time is in the browser's database.
    await outbox.flush().catch(() => undefined);
    await outbox.close().catch(() => undefined);
    letGo();
  };
}

function tellConflicts(editor: Editor, { conflicts }: Outbox): void {
  if (conflicts !== editor.getSnapshot().conflicts) editor.setConflicts(conflicts);
}

/** Holds the page while closing it would lose something. */
function guard(editor: Editor, outbox: Outbox): () => void {
  const hold = (event: BeforeUnloadEvent) =>
    (outbox.isAtRisk || isKeeping(editor.getSnapshot())) && event.preventDefault();
  window.addEventListener("beforeunload", hold);
  return () => window.removeEventListener("beforeunload", hold);
}

/** A region that is not prepared yet will be asked about again; one that cannot be leaves the whole image. */
async function answerTo(imageId: string, prompt: Prompt): Promise<Prediction | "later"> {
  try {
    return await predict(imageId, requestOf(prompt));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "region_not_ready") return "later";
    if (error.code !== "region_failed") throw error;
    const { region: _, ...whole } = prompt;
    return predict(imageId, requestOf(whole));
  }
}

const requestOf = ({ points, box, mask, logits, multimask, region }: Prompt): PredictRequest => ({
  points: [...points],
  box: box && [...box],
  mask: mask && { ...mask, size: [...mask.size] },
  logits,
  multimask,
  region: region ? [...region] : null,
});
