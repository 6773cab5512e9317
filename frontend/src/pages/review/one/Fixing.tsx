import { useDisclosure } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import type { CommandContext, Panel } from "../../../editor/commands";
import { isWorking } from "../../../editor/toolbox";
import { missingOf } from "../../../model/attributes";
import { toastProblem } from "../../../ui/bits/toast";
import { useImageFindings } from "../../../ui/checks/useImageFindings";
import { PinLayer } from "../../../ui/comments/PinLayer";
import { useComments } from "../../../ui/comments/useComments";
import { Announcer } from "../../../ui/editor/Announcer";
import { Banner } from "../../../ui/editor/Banner";
import { ClassSearch } from "../../../ui/editor/ClassSearch";
import { Convert } from "../../../ui/editor/Convert";
import editorStyles from "../../../ui/editor/editor.module.css";
import { Guidelines } from "../../../ui/editor/Guidelines";
import { hintFor } from "../../../ui/editor/hints";
import { KeySheet } from "../../../ui/editor/KeySheet";
import { LookPanel } from "../../../ui/editor/LookPanel";
import { Minimap } from "../../../ui/editor/Minimap";
import { SidePanel } from "../../../ui/editor/SidePanel";
import { Stage } from "../../../ui/editor/Stage";
import { ToolRail } from "../../../ui/editor/ToolRail";
import { useEditor } from "../../../ui/editor/useEditor";
import { saveWord } from "../../../ui/editor/words";
import { ReadinessBanner } from "../../editor/Readiness";
import { SaveTroubles } from "../../editor/SaveTroubles";
import type { EditSession } from "../../editor/session";
import { usePhoto } from "../../editor/usePhoto";
import { useOthersEdits, useSaveState } from "../../editor/useSession";
import { useReviewContext } from "../context";
import { ReviewFrame } from "../frame/ReviewFrame";
import type { FixViewProps } from "./FixView";
import styles from "./one.module.css";
import { useFixKeys } from "./useFixKeys";
import { usePendingFix } from "./usePendingFix";

/** The editor's tools around the one mask, and the two ways out of them. */
export function Fixing({
  mode,
  session,
  sitting,
  state,
  item,
  editor: shown,
  onLeave,
  pending = null,
}: FixViewProps & { session: EditSession }) {
  const { editor, outbox } = session;
  const { me, project } = useReviewContext();
  const comments = useComments({ imageId: item.image, me, permissions: project.permissions });
  const photo = usePhoto(item.image_detail);
  const saveState = useSaveState(outbox);
  const canvas = useRef<HTMLDivElement>(null);
  const attributes = useRef<HTMLElement>(null);
  const findings = useImageFindings(editor);
  const [panel, setPanel] = useState<Panel | null>(null);
  const [keysOpened, keySheet] = useDisclosure(false);
  const hint = useEditor(editor, hintFor);
  const showAttributes = () => attributes.current?.querySelector<HTMLElement>("[data-attribute]")?.focus();
  const { done, back, busy } = useWaysOut({ session, sitting, item, shown, onLeave, showAttributes });
  usePendingFix({ session, item, pending, done });
  const close = () => setPanel(null);
  const context: CommandContext = {
    editor,
    page: {
      previousImage: undefined,
      nextImage: undefined,
      copyPrevious: undefined,
      submit: busy ? undefined : done,
      canSkip: false,
      showKeys: keySheet.toggle,
      show: (wanted) => setPanel(panel === wanted ? null : wanted),
      showAttributes,
    },
  };
  useFixKeys({ canvas, context, done, back });
  useOthersEdits(item.image_detail, outbox);
  return (
    <ReviewFrame
      mode={mode}
      waiting={state.waiting}
      commands={[]}
      engaged
      status={
        <>
          <span>{saveWord(saveState)}</span>
          <span className={editorStyles.hint}>{hint}</span>
        </>
      }
      action={
        <>
          <button type="button" className={editorStyles.button} onClick={back}>
            Back, as it was <kbd aria-hidden>Esc</kbd>
          </button>
          <button type="button" className={editorStyles.primary} aria-disabled={busy} onClick={done}>
            {busy ? "Saving…" : "Accept as fixed"} <kbd aria-hidden>⏎</kbd>
          </button>
        </>
      }
    >
      <div className={styles.page}>
        <ToolRail context={context} />
        <main className={editorStyles.main}>
          <Stage editor={editor} photo={photo.element} canvas={canvas}>
            <PinLayer editor={editor} comments={comments} />
          </Stage>
          <Minimap editor={editor} photo={photo.element} />
          <Convert editor={editor} canvas={canvas} />
          <div className={editorStyles.banners}>
            <ReadinessBanner image={item.image_detail} />
            <SaveTroubles
              image={item.image_detail}
              session={session}
              photo={photo.element}
              state={saveState}
            />
            {photo.failed && <Banner tone="bad">The photograph could not be loaded.</Banner>}
          </div>
          {panel === "look" && <LookPanel context={context} canvas={canvas} onClose={close} />}
        </main>
        <SidePanel {...{ context, attributes, canvas, comments, findings }} />
      </div>
      <Announcer editor={editor} saveState={saveState} />
      <ClassSearch editor={editor} opened={panel === "classes"} onClose={close} />
      <Guidelines text={project.guidelines} opened={panel === "guidelines"} onClose={close} />
      <KeySheet opened={keysOpened} onClose={keySheet.close} context={context} />
    </ReviewFrame>
  );
}

type WaysOutInput = Pick<FixViewProps, "sitting" | "item" | "onLeave"> & {
  session: EditSession;
  shown: FixViewProps["editor"];
  showAttributes: () => void;
};

/** Accepting the mask as it was mended, once that is saved; or going back with everything as it was. */
function useWaysOut({
  session: { editor, outbox },
  sitting,
  item,
  shown,
  onLeave,
  showAttributes,
}: WaysOutInput) {
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    editor.lookAs(shown.getSnapshot());
    editor.select(item.id);
  }, [editor, shown, item.id]);
  const leave = () => {
    shown.lookAs(editor.getSnapshot());
    onLeave();
  };
  /** What is accepted says all that its class asks for. */
  const isUnsaid = () => {
    const mended = editor.image.annotations.get(item.id);
    const missing = mended ? missingOf(mended, editor.getSnapshot().classes) : [];
    if (missing.length === 0) return false;
    toastProblem(`Say ${missing.join(", ")} first, then accept.`);
    editor.select(item.id);
    showAttributes();
    return true;
  };
  const done = async () => {
    if (busy || isWorking(editor.getSnapshot()) || isUnsaid()) return;
    setBusy(true);
    const saved = await outbox.flush();
    setBusy(false);
    if (!saved) return;
    leave();
    const mended = editor.image.annotations.get(item.id);
    if (mended) sitting.fixed({ ...item, ...mended } as typeof item);
    else sitting.drop(item.id, "You deleted it, so there is nothing left to be judged.");
  };
  const back = async () => {
    // What is on its way to be accepted is not undone under it.
    if (busy) return;
    while (editor.getSnapshot().history.done.length > 0) editor.undo();
    setBusy(true);
    const saved = await outbox.flush();
    setBusy(false);
    if (!saved) return;
    const now = editor.image.annotations.get(item.id);
    if (now && now.version !== item.version) sitting.replace({ ...item, ...now } as typeof item);
    leave();
  };
  return { done: () => void done(), back: () => void back(), busy };
}
