import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { CommandContext, Panel, Surroundings } from "../../editor/commands";
import type { Editor } from "../../editor/Editor";
import { attachKeys } from "../../editor/keys";
import type { Photo } from "../../render/TiledPhoto";
import type { Outbox } from "../../sync/outbox";
import type { SaveState } from "../../sync/outboxState";
import { OnceOpened } from "../bits/OnceOpened";
import { onDemand } from "../bits/onDemand";
import type { ImageFindings } from "../checks/ImageFindings";
import { PinLayer } from "../comments/PinLayer";
import type { Comments } from "../comments/useComments";
import { Announcer } from "./Announcer";
import { AttributePrompt } from "./AttributePrompt";
import { ClassSearch } from "./ClassSearch";
import { Convert } from "./Convert";
import styles from "./editor.module.css";
import { Guidelines } from "./Guidelines";
import { KeySheet } from "./KeySheet";
import { GammaCurve, LookPanel } from "./LookPanel";
import { Minimap } from "./Minimap";
import { SidePanel } from "./SidePanel";
import { SkipDialog } from "./SkipDialog";
import { Stage } from "./Stage";
import { type EmbeddingState, StatusBar } from "./StatusBar";
import { ToolRail } from "./ToolRail";
import { type Place, TopBar } from "./TopBar";
import { usePointerFocus } from "./usePointerFocus";

const HistoryDialog = onDemand(() => import("../history/HistoryDialog"));

interface EditorViewProps {
  editor: Editor;
  photo: Photo | null;
  place: Place;
  embedding: EmbeddingState;
  saveState: SaveState;
  page: Omit<Surroundings, "showKeys" | "showAttributes" | "show" | "closePanel" | "canSkip">;
  guidelines: string;
  skip: ((reason: string) => Promise<void>) | undefined;
  comments: Comments;
  findings: ImageFindings;
  /** Whose history can be looked at, and where what is restored arrives. */
  kept: { image: string; outbox: Outbox };
  /** Sentences across the top of the canvas. */
  banners?: ReactNode;
  /** What lies over the image beside the pins of its comments. */
  marks?: ReactNode;
}

/** The editor's whole page: bars, canvas, panel. */
export function EditorView(props: EditorViewProps) {
  const { editor, photo, place, embedding, saveState, page, guidelines, skip, comments, kept } = props;
  const [keysOpened, keySheet] = useDisclosure(false);
  const [panel, setPanel] = useState<Panel | null>(null);
  const view = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const attributes = useRef<HTMLElement>(null);
  const showAttributes = () => {
    // They are beside the objects, which the comments may cover.
    flushSync(() => comments.show(false));
    attributes.current?.querySelector<HTMLElement>("[data-attribute]")?.focus();
  };
  const show = (wanted: Panel) => setPanel(panel === wanted ? null : wanted);
  // At once: a key that is pressed right after would still go to the dialog that closes.
  const toCanvas = () => canvas.current?.focus({ preventScroll: true });
  const close = () => {
    setPanel(null);
    toCanvas();
  };
  const closeKeys = () => {
    keySheet.close();
    toCanvas();
  };
  const context: CommandContext = {
    editor,
    page: {
      ...page,
      showKeys: keySheet.toggle,
      showAttributes,
      show,
      closePanel: panel === "look" ? close : undefined,
      canSkip: skip !== undefined,
    },
  };
  useKeys(canvas, context);
  usePointerFocus(view, canvas);
  return (
    <div ref={view} className={styles.editor}>
      <TopBar place={place} saveState={saveState} context={context} />
      <ToolRail context={context} />
      <main className={styles.main}>
        <Stage editor={editor} photo={photo} canvas={canvas}>
          <PinLayer editor={editor} comments={comments} />
          {props.marks}
          <AttributePrompt editor={editor} />
          <Minimap editor={editor} photo={photo} />
        </Stage>
        <GammaCurve context={context} />
        <Convert editor={editor} canvas={canvas} />
        <div className={styles.banners}>{props.banners}</div>
        {panel === "look" && <LookPanel context={context} canvas={canvas} onClose={close} />}
      </main>
      <SidePanel {...{ context, attributes, canvas, comments }} findings={props.findings} />
      <StatusBar editor={editor} embedding={embedding} />
      <Announcer editor={editor} saveState={saveState} />
      <OnceOpened opened={panel === "classes"}>
        {(opened) => <ClassSearch editor={editor} opened={opened} onClose={close} />}
      </OnceOpened>
      <OnceOpened opened={panel === "guidelines"}>
        {(opened) => <Guidelines text={guidelines} opened={opened} onClose={close} />}
      </OnceOpened>
      {skip && (
        <OnceOpened opened={panel === "skip"}>
          {(opened) => <SkipDialog opened={opened} onClose={close} onSkip={skip} />}
        </OnceOpened>
      )}
      {panel === "history" && <HistoryDialog editor={editor} photo={photo} onClose={close} {...kept} />}
      <OnceOpened opened={keysOpened}>
        {(opened) => <KeySheet opened={opened} onClose={closeKeys} context={context} />}
      </OnceOpened>
    </div>
  );
}

/** The keys work from the start, and always see the newest context. */
function useKeys(canvas: { current: HTMLDivElement | null }, context: CommandContext) {
  const newest = useRef(context);
  useEffect(() => {
    newest.current = context;
  });
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    element.focus({ preventScroll: true });
    return attachKeys(element, () => newest.current);
  }, [canvas]);
}
