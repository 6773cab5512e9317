import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useSearchParams } from "react-router";
import { commandNamed } from "../../editor/commands";
import type { Editor } from "../../editor/Editor";
import { keysOf } from "../../editor/keymap";
import type { LabelClass, Person } from "../../model/annotation";
import { firstLacking, missingOf } from "../../model/attributes";
import type { LabeledImage } from "../../model/labeledImage";
import { keys } from "../../server/keys";
import type { ImageInfo, Project } from "../../server/types";
import { useLiveProject } from "../../sync/refresh";
import { SubmitSummary } from "../../ui/checks/SubmitSummary";
import { useImageFindings } from "../../ui/checks/useImageFindings";
import { useSubmitChecks } from "../../ui/checks/useSubmitChecks";
import { useComments } from "../../ui/comments/useComments";
import { Banner } from "../../ui/editor/Banner";
import { EditorView } from "../../ui/editor/EditorView";
import { keyCap } from "../../ui/editor/icons";
import { SubmitQuestion } from "../../ui/editor/SubmitQuestion";
import { useEditor } from "../../ui/editor/useEditor";
import { DisputeForm } from "../../ui/returned/DisputeForm";
import { DrawnBanner } from "../../ui/returned/DrawnBanner";
import { ReturnedBanner } from "../../ui/returned/ReturnedBanner";
import { ReturnedMarks } from "../../ui/returned/ReturnedMarks";
import { useDispute } from "../../ui/returned/useDispute";
import { useDrawnAtPin } from "../../ui/returned/useDrawnAtPin";
import { useReturned } from "../../ui/returned/useReturned";
import { UnsentElsewhere } from "../../ui/unsent/UnsentElsewhere";
import { Failed, Skeleton } from "./Around";
import { Fixing } from "./Fixing";
import { ImageProposals } from "./Proposals";
import { ReadinessBanner, TilesBanner } from "./Readiness";
import { SaveTroubles } from "./SaveTroubles";
import type { EditSession } from "./session";
import { useSayingSubmitted, useTakeBack } from "./submissions";
import { useActiveTime } from "./useActiveTime";
import { useCopyPrevious } from "./useCopyPrevious";
import { usePhoto } from "./usePhoto";
import { useReopened } from "./useReopened";
import { useOthersEdits, useSaveState, useSession } from "./useSession";
import { useSkip } from "./useSkip";
import { useSubmit, whyNotSubmit } from "./useSubmit";
import { useWarmNext } from "./useWarmNext";
import { useWay, type Way } from "./useWay";

interface OpenImageProps {
  image: ImageInfo;
  project: Project;
  classes: readonly LabelClass[];
  me: Person;
  way: Way;
  onFinished: () => void;
}

/** One image in the editor, once everything about it is known. */
export function OpenImage(props: OpenImageProps) {
  const { image, project, classes, me } = props;
  const readOnly = !project.permissions.includes("annotate");
  const opening = useSession({ image, projectName: project.name, classes, me, readOnly, rules: project });
  useLiveProject(project.id, image.id);
  if (opening.kind === "opening") return <Skeleton />;
  if (opening.kind === "failed")
    return <Failed image={image.id} error={opening.error} retry={opening.retry} />;
  return <Editing {...props} session={opening.session} />;
}

function Editing({
  session,
  image,
  project,
  me,
  way,
  onFinished,
}: OpenImageProps & { session: EditSession }) {
  const { editor, outbox } = session;
  const photo = usePhoto(image);
  const saveState = useSaveState(outbox);
  const { goTo, previous, next, position, goOn } = useWay(image, project.id, way, onFinished);
  const comments = useCommentsHere(image, project, me);
  const returned = useReturned(editor, comments);
  // The server may refuse because of a comment that came after the image was submitted.
  const newestReturned = useRef(returned);
  useEffect(() => {
    newestReturned.current = returned;
  });
  const client = useQueryClient();
  const dispute = useDispute(editor, returned, () => {
    outbox.refresh().catch(() => undefined);
    void client.invalidateQueries({ queryKey: keys.image(image.id) });
  });
  const drawn = useDrawnAtPin(editor, comments);
  const saySubmitted = useSayingSubmitted();
  const takeBack = useTakeBack();
  const { submit, doubt, answer, busy, refusal, elsewhere } = useSubmit(
    image,
    session,
    me.id,
    (submitted) => {
      saySubmitted(image, submitted, keyOfTakingBack(editor));
      return goOn();
    },
    () => whatLacks(editor),
    () => newestReturned.current.all.some(({ mended }) => !mended),
    () => newestReturned.current.step(1),
  );
  const findings = useImageFindings(editor);
  const checks = useSubmitChecks(editor, findings, submit);
  const copyPrevious = useCopyPrevious(image.id, editor);
  const skip = useSkip(image, me.id, goOn);
  const drafts = useEditor(editor, ({ history }) => hasDrafts(history.present));
  const noSubmit = whyNotSubmit(image, me.id, drafts);
  const { readOnly } = editor.getSnapshot();
  const reopened = useReopened({ editor, image, project, me });
  // Whoever may not hand the image in has nothing to mend on it.
  const mends = !readOnly && noSubmit === null && returned.all.length > 0;
  useOthersEdits(image, outbox);
  useActiveTime(image.id, !readOnly);
  const withProposals = useEditor(editor, ({ tool }) => tool === "proposals");
  useWarmNext({ id: next, way, withProposals }, photo.element !== null);
  return (
    <>
      <EditorView
        editor={editor}
        findings={findings}
        photo={photo.element}
        place={{
          project,
          imageName: image.name,
          position,
          filter: way.filter,
          noSubmit,
          readOnly,
          assignment: image.assignment,
          cameBack: returned.all.length > 0,
        }}
        embedding={image.embedding.state}
        saveState={saveState}
        guidelines={project.guidelines}
        skip={skip}
        comments={comments}
        kept={{ image: image.id, outbox }}
        page={{
          previousImage: previous ? () => goTo(previous) : undefined,
          nextImage: next ? () => goTo(next) : undefined,
          submit: noSubmit === null && !busy && !readOnly ? checks.submit : undefined,
          takeBack,
          copyPrevious,
          returned: mends ? returned.step : undefined,
          dispute: mends ? dispute.begin : undefined,
          resolvePin: drawn?.resolve,
        }}
        marks={mends && <ReturnedMarks editor={editor} work={returned} />}
        banners={
          <>
            {mends && <ReturnedBanner editor={editor} work={returned} dispute={dispute} />}
            {mends && <DisputeForm editor={editor} dispute={dispute} drafts={comments.drafts} />}
            {drawn && <DrawnBanner drawn={drawn} />}
            <ImageProposals editor={editor} image={image} project={project} />
            <Fixing editor={editor} />
            <TilesBanner image={image} />
            <ReadinessBanner image={image} />
            {photo.failed && (
              <Banner tone="bad">The photograph could not be loaded. Reload the page to try again.</Banner>
            )}
            {reopened}
            {image.assignment?.state === "skipped" && (
              <Banner tone="warn">Skipped: {image.assignment.skip_reason}</Banner>
            )}
            {refusal && <Banner tone="bad">{refusal}</Banner>}
            {elsewhere > 0 && <UnsentElsewhere image={image.id} count={elsewhere} />}
            <SaveTroubles image={image} session={session} photo={photo.element} state={saveState} />
          </>
        }
      />
      <SubmitSummary editor={editor} checks={checks} />
      <SubmitQuestion doubt={doubt} onConfirm={() => answer(true)} onBack={() => answer(false)} />
    </>
  );
}

const hasDrafts = ({ annotations }: LabeledImage): boolean =>
  [...annotations.values()].some(({ state }) => state === "draft");

const keyOfTakingBack = (editor: Editor): string =>
  keyCap(keysOf(commandNamed("takeBack"), editor.getSnapshot().keymap)[0] ?? "");

/** Leads to the first object that lacks what has to be said of it, and says so. */
function whatLacks(editor: Editor): string | null {
  const { classes } = editor.getSnapshot();
  const lacking = firstLacking(editor.image, classes);
  if (!lacking) return null;
  editor.setTool("select");
  editor.select(lacking.id);
  const names = missingOf(lacking, classes).join(", ");
  return `${editor.names([lacking.id])} needs ${names}. It is selected: press A to say it, then submit.`;
}

/** With `?comment=` the thread of that id is open. */
function useCommentsHere(image: ImageInfo, project: Project, me: Person) {
  const [query] = useSearchParams();
  const { permissions } = project;
  return useComments({ imageId: image.id, me, permissions, first: query.get("comment") });
}
