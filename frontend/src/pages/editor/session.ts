import { Editor } from "../../editor/Editor";
import { type Hand, handOf } from "../../editor/hand";
import { recall, remember } from "../../editor/personal";
import type { Annotation, LabelClass, Person } from "../../model/annotation";
import { labeledImage } from "../../model/labeledImage";
import type { Prediction, Prompt } from "../../model/prediction";
import type { Rules } from "../../model/rules";
import { listAnnotations } from "../../server/annotations";
import { newOpId, SESSION_RESUMED } from "../../server/client";
import { predict } from "../../server/images";
import { Problem } from "../../server/problem";
import type { ImageInfo, PredictRequest } from "../../server/types";
import { Outbox } from "../../sync/outbox";
import { serverFor } from "../../sync/outboxServer";
import { browserStore } from "../../sync/outboxStore";

/** One image being edited: the editor, and the outbox that brings its edits to the server. */
export interface EditSession {
  readonly editor: Editor;
  readonly outbox: Outbox;
  readonly close: () => void;
}

interface SessionInput {
  readonly image: ImageInfo;
  readonly classes: readonly LabelClass[];
  readonly me: Person;
  readonly readOnly: boolean;
  readonly rules: Rules;
}

/** What a person has in hand in a project, for as long as the page stays open. */
const hands = new Map<string, Hand>();

/** The last session of each image in this tab: it lets go of its unsaved edits before the next one takes them over. */
const sessions = new Map<string, Promise<{ outbox: Outbox } | undefined>>();

export function openSession(input: SessionInput, known?: readonly Annotation[]): Promise<EditSession> {
  const key = `${input.me.id}:${input.image.id}`;
  const before = sessions.get(key) ?? Promise.resolve(undefined);
  const session = before.then((last) => last?.outbox.close()).then(() => open(input, known));
  sessions.set(
    key,
    session.catch(() => undefined),
  );
  return session;
}

/**
 * Opens an image with what the server has and what an earlier page could not save. `known` is what the server had a
 * while ago, to begin with; what has happened since comes after. Raises `Problem`.
 */
async function open(
  { image, classes, me, readOnly, rules }: SessionInput,
  known?: readonly Annotation[],
): Promise<EditSession> {
  const whose = `${me.id}:${image.project}`;
  let editor: Editor | null = null;
  const outbox = await Outbox.open(
    {
      store: browserStore({ person: me.id, image: image.id, name: image.name }),
      server: serverFor(me.id, image.id),
      onPatch: (patch) => editor?.receive(patch),
    },
    known ?? (await listAnnotations(image.id)),
  );
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
  const disconnect = connect(editor, outbox);
  const forget = keepPersonal(editor, me.id);
  if (known) void outbox.refresh().catch(() => undefined);
  const { getSnapshot } = editor;
  const close = () => {
    hands.set(whose, handOf(getSnapshot()));
    forget();
    disconnect();
  };
  return { editor, outbox, close };
}

/** What a person sets here is there on the next image, and tomorrow. */
function keepPersonal(editor: Editor, person: string): () => void {
  let { look, keymap } = editor.getSnapshot();
  return editor.subscribe(() => {
    const now = editor.getSnapshot();
    if (now.look === look && now.keymap === keymap) return;
    ({ look, keymap } = now);
    remember(person, { look, keymap });
  });
}

/** When what could not be sent may be sendable again. */
const RESUMES = ["online", SESSION_RESUMED];

function connect(editor: Editor, outbox: Outbox): () => void {
  const unsubscribe = editor.subscribe(() => outbox.put(editor.image.annotations));
  const retry = () => void outbox.flush();
  for (const event of RESUMES) window.addEventListener(event, retry);
  return () => {
    unsubscribe();
    for (const event of RESUMES) window.removeEventListener(event, retry);
    // Not awaited: whatever this does not get through in time is in the browser's database.
    void outbox.flush().finally(() => outbox.close());
  };
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
