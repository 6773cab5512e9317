import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Annotation } from "../../model/annotation";
import { annotationsQuery } from "../../server/annotations";
import type { ImageInfo, ProjectEvent } from "../../server/types";
import { useProjectEvents } from "../../sync/events";
import type { Outbox } from "../../sync/outbox";
import type { SaveState } from "../../sync/outboxState";
import { type EditSession, openSession, type SessionInput } from "./session";

export type Opening =
  | { readonly kind: "opening" }
  | { readonly kind: "failed"; readonly error: unknown; readonly retry: () => void }
  | { readonly kind: "open"; readonly session: EditSession };

/** The session of one image, opened once; later news of image and classes go into it. */
export function useSession(input: SessionInput): Opening {
  const { image, classes, rules } = input;
  const client = useQueryClient();
  const first = useRef(input);
  const [attempt, setAttempt] = useState(0);
  const [opening, setOpening] = useState<Opening>({ kind: "opening" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is what asks for another try
  useEffect(() => {
    let left = false;
    let session: EditSession | undefined;
    openSession(first.current, takeAnnotations(client, first.current.image.id)).then(
      (opened) => {
        session = opened;
        if (left) opened.close();
        else setOpening({ kind: "open", session: opened });
      },
      (error: unknown) =>
        left || setOpening({ kind: "failed", error, retry: () => setAttempt((tries) => tries + 1) }),
    );
    return () => {
      left = true;
      session?.close();
    };
  }, [attempt, client]);
  const editor = opening.kind === "open" ? opening.session.editor : undefined;
  useEffect(() => editor?.setReady(image.embedding.state === "ready"), [editor, image.embedding.state]);
  useEffect(() => editor?.setClasses(classes), [editor, classes]);
  useEffect(() => editor?.setRules(rules), [editor, rules]);
  return opening;
}

/** The annotations that were fetched ahead, once: as soon as people edit them they are no longer what the server has. */
function takeAnnotations(client: QueryClient, imageId: string): Annotation[] | undefined {
  const { queryKey } = annotationsQuery(imageId);
  const fetched = client.getQueryData<Annotation[]>(queryKey);
  client.removeQueries({ queryKey, exact: true });
  return fetched;
}

export const useSaveState = (outbox: Outbox): SaveState =>
  useSyncExternalStore(
    (listener) => outbox.subscribe(listener),
    () => outbox.state,
  );

const SETTLE = 150;

/** What others do on this image appears by itself. */
export function useOthersEdits(image: ImageInfo, outbox: Outbox): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const refreshSoon = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void outbox.refresh().catch(() => undefined), SETTLE);
  };
  const onEvent = (event: ProjectEvent) => {
    if (event.image === image.id && isNews(event, outbox)) refreshSoon();
  };
  useProjectEvents(image.project, onEvent, refreshSoon);
}

/** They change the state of annotations, but not their versions. */
const OF_STATES = [
  "policy.accepted",
  "annotations.submitted",
  "annotations.taken_back",
  "annotation.disputed",
];

function isNews({ kind, object, data }: ProjectEvent, outbox: Outbox): boolean {
  if (kind.startsWith("verdict.") || OF_STATES.includes(kind)) return true;
  if (!kind.startsWith("annotation.") || object === null) return false;
  const version = typeof data["version"] === "number" ? data["version"] : Number.POSITIVE_INFINITY;
  return !outbox.knows(object, kind === "annotation.deleted" ? null : version, data["z"]);
}
