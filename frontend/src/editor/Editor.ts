import type { Box } from "../geometry/box";
import { isSameSize, type Size, type Vector } from "../geometry/vector";
import { toImage } from "../geometry/viewport";
import { deleteAnnotations } from "../model/actions/deleteAnnotations";
import { rasterisePolygons } from "../model/actions/reshape";
import type { Annotation, LabelClass, Person } from "../model/annotation";
import type { Versions } from "../model/compare";
import { FIRST_TOLERANCE } from "../model/conversion";
import { perform, receive, redo, undo } from "../model/history";
import type { LabeledImage } from "../model/labeledImage";
import type { Patch } from "../model/patch";
import type { Prediction, Prompt } from "../model/prediction";
import type { Proposals } from "../model/proposal";
import type { Rules } from "../model/rules";
import type { Effect, Pointer, ToolEvent, ToolName } from "../tools/tool";
import { questionOf } from "./asking";
import { attempt, names, withHistory } from "./attempt";
import { clicked, crosshairMoved, pointerOver } from "./crosshair";
import { changeClass, makePolygon, toggleTag } from "./edits";
import { perform as performEffect } from "./effects";
import { classToBeginWith } from "./hand";
import type { Keymap } from "./keymap";
import { type Look, withRecent } from "./personal";
import { predict } from "./prediction";
import {
  asking,
  hiddenToggled,
  lockToggled,
  selecting,
  selectingMade,
  selectionToggled,
  soloToggled,
} from "./selection";
import { firstSnapshot, type Opened, type Snapshot } from "./snapshot";
import { contextOf, edited, firstTool, isIdle, isUsed, stepTool, takeUp, toolInHand } from "./toolbox";
import {
  actualSize,
  centred,
  fitted,
  lookedBack,
  panned,
  resized,
  turned,
  zoomed,
  zoomedCentred,
  zoomedTo,
} from "./view";

export interface EditorPorts {
  /** Rejects with an error whose message is a sentence for people. "later": its region is still being prepared. */
  readonly predict: (prompt: Prompt) => Promise<Prediction | "later">;
  readonly newId: () => string;
}

interface EditorInput extends Opened {
  readonly me: Person;
  readonly ports: EditorPorts;
}

/**
 * The one object of the editor that changes. Holds a snapshot, replaces it, tells who listens. What a snapshot becomes
 * is worked out by pure functions beside it: view, crosshair, selection, toolbox, attempt.
 */
export class Editor {
  readonly me: Person;
  #snapshot: Snapshot;
  readonly #ports: EditorPorts;
  readonly #listeners = new Set<() => void>();

  constructor({ me, ports, ...opened }: EditorInput) {
    this.me = me;
    this.#ports = ports;
    this.#snapshot = firstSnapshot(opened);
  }

  getSnapshot = (): Snapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get newId(): () => string {
    return this.#ports.newId;
  }

  get image(): LabeledImage {
    return this.#snapshot.history.present;
  }

  // What is seen

  /** A canvas without an area, as before the page is laid out, shows nothing to fit a view to. */
  resize = (screen: Size): void => {
    if (screen.width * screen.height === 0 || isSameSize(screen, this.#snapshot.screen)) return;
    this.#set(resized(this.#snapshot, screen));
  };
  fit = (): void => this.#set(fitted(this.#snapshot));
  zoom = (at: Vector, factor: number): void => this.#set(zoomed(this.#snapshot, at, factor));
  zoomCentred = (factor: number): void => this.#set(zoomedCentred(this.#snapshot, factor));
  zoomTo = (id: string): void => this.#set(zoomedTo(this.#snapshot, id));
  actualSize = (): void => this.#set(actualSize(this.#snapshot));
  pan = (by: Vector): void => this.#set(panned(this.#snapshot, by));
  /** Turns to another object of the image. */
  turnTo = (id: string): void => this.#set(turned(this.#snapshot, id));
  /** Looks at the image as another editor does. */
  lookAs = ({ screen, viewport, fitted, about }: Snapshot): void =>
    this.#set({ screen, viewport, fitted, about });
  centre = (at: Vector): void => this.#set(centred(this.#snapshot, at));
  setLook = (change: Partial<Look>): void => this.#set({ look: { ...this.#snapshot.look, ...change } });
  light = (lit: Box | null): void => this.#set({ lit });
  showPast = (past: Annotation | null): void => this.#set(lookedBack(this.#snapshot, past));
  setKeymap = (keymap: Keymap): void => this.#set({ keymap });
  setTidiesMasks = (tidiesMasks: boolean): void => this.#set({ tidiesMasks });
  say = (sentence: string): void => this.#set({ notice: sentence });

  // What is picked, locked and hidden

  select = (...ids: readonly string[]): void => this.#set(selecting(this.#snapshot, ids));
  selectMade = (...ids: readonly string[]): void => this.#set(selectingMade(this.#snapshot, ids));
  /** Asks for the required attributes that an object lacks; null leaves them for later. */
  ask = (id: string | null): void => this.#set(asking(this.#snapshot, id === null ? [] : [id]));
  /** One more in the selection, or one less. */
  toggleSelected = (id: string): void => this.#set(selectionToggled(this.#snapshot, id));
  /** Locks what is selected, or unlocks it when all of it is locked. */
  toggleLocked = (...ids: readonly string[]): void => this.#set(lockToggled(this.#snapshot, ids));
  toggleHidden = (...ids: readonly string[]): void => this.#set(hiddenToggled(this.#snapshot, ids));
  /** Shows only what is selected, or everything again. */
  toggleSolo = (): void => this.#set(soloToggled(this.#snapshot));
  /** "Sheep 1", or "3 objects". */
  names = (ids: readonly string[]): string => names(this.#snapshot, ids);

  // What is done with the tools

  /** Moves the crosshair by pixels of the screen, as a mouse would move the pointer. */
  moveCrosshair(by: Vector): void {
    const crosshair = crosshairMoved(this.#snapshot, by);
    this.#set({ crosshair, pointer: crosshair });
    this.send({ type: "move", pointer: pointerOver(this.#snapshot, crosshair) });
  }

  /** A click where the crosshair is. */
  press({ removes = false } = {}): void {
    for (const event of clicked(this.#snapshot, removes)) this.send(event);
  }

  pointerAt = (screen: Vector): Pointer => ({ screen, at: toImage(this.#snapshot.viewport, screen) });

  down(screen: Vector, { removes = false, shift = false } = {}): void {
    this.send({ type: "down", pointer: this.pointerAt(screen), removes, shift });
  }

  move(screen: Vector): void {
    const pointer = this.pointerAt(screen);
    this.#set({ pointer: pointer.at, crosshair: null });
    this.send({ type: "move", pointer });
  }

  up(screen: Vector): void {
    this.send({ type: "up", pointer: this.pointerAt(screen) });
  }

  leave(): void {
    this.#set({ pointer: null });
    this.send({ type: "leave" });
  }

  setTool(tool: ToolName): void {
    if (tool !== "select" && this.#snapshot.readOnly) return;
    this.#set({ ...takeUp(this.#snapshot, tool), converting: null, made: null, asking: null, notice: null });
  }

  /** Back to the tool that was in hand before. */
  endComment = (): void => this.setTool(toolInHand(this.#snapshot));

  /** Lets SAM make a mask of a box; the candidates are chosen as always. */
  maskFromBox(id: string): void {
    this.setTool("segment");
    this.send({ type: "fromBox", id });
  }

  /** Hands an event to the tool in use and does what it asks for. */
  send(event: ToolEvent): void {
    if (event.type !== "move" && event.type !== "leave") this.#set({ notice: null });
    if (event.type === "down") this.#set({ asking: null });
    this.#step(this.#snapshot.tool, event);
  }

  #step(tool: ToolName, event: ToolEvent): void {
    const { state, effects } = stepTool(tool, this.#snapshot, event, contextOf(this.#snapshot, this));
    this.#set(state);
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    if (effect.type !== "predict") performEffect(this, effect);
    else
      void predict(effect, this.#ports, {
        wants: (request) => this.#snapshot.segment.detail?.request === request,
        answer: (event, timed) => {
          if (timed) this.#set(timed);
          // Answers reach the SAM tool also when another tool is in use by then.
          this.#step("segment", event);
        },
      });
  }

  /** Gives up the newest mask that Enter has ended and the model not answered yet. */
  dropKept = (): void => this.#step("segment", { type: "back" });

  /** Gives up one level of what is under way: the drag, the points, the selection. */
  cancel(): void {
    if (this.#snapshot.converting) this.#set({ converting: null });
    else if (questionOf(this.#snapshot)) this.ask(null);
    else if (this.#snapshot.tool === "comment" && isIdle(this.#snapshot)) this.endComment();
    else {
      if (isIdle(this.#snapshot)) this.select();
      this.send({ type: "cancel" });
    }
  }

  // What is done to the annotations

  /** For what comes, and for what is being edited now. */
  chooseClass(classId: string): void {
    const { classes, tool } = this.#snapshot;
    const labelClass = classes.find(({ id }) => id === classId);
    if (!labelClass) return;
    if (tool === "tag") toggleTag(this, classId);
    else {
      changeClass(this, edited(this.#snapshot), labelClass);
      this.#set({ classId });
    }
    this.#set({ recentClasses: withRecent(this.#snapshot.recentClasses, classId) });
  }

  /** Does an edit as one entry of the history; false when there was nothing to change. */
  edit(label: string, edit: (image: LabeledImage) => LabeledImage): boolean {
    const { change, nothing } = attempt(this.#snapshot, label, edit);
    this.#set(change);
    return !nothing;
  }

  /** An edit past locks and rules: of what the server has already. */
  adopt(label: string, edit: (image: LabeledImage) => LabeledImage): void {
    this.#set(withHistory(this.#snapshot, perform(this.#snapshot.history, label, edit)));
  }

  remove(...ids: readonly string[]): void {
    this.edit(`deletion of ${this.names(ids)}`, deleteAnnotations(...ids));
  }

  /** Shows a mask as the polygon that it would be, with a tolerance to choose; a polygon becomes a mask at once. */
  convert(id: string): void {
    if (this.image.annotations.get(id)?.kind === "mask")
      this.#set({ converting: { id, tolerance: FIRST_TOLERANCE }, notice: null });
    else this.edit(`mask from ${this.names([id])}`, rasterisePolygons(id));
  }

  setTolerance(tolerance: number): void {
    const { converting } = this.#snapshot;
    if (converting) this.#set({ converting: { ...converting, tolerance } });
  }

  keepConversion(): void {
    const { converting } = this.#snapshot;
    this.#set({ converting: null });
    if (converting) makePolygon(this, converting);
  }

  undo = (): void => this.#set(withHistory(this.#snapshot, undo(this.#snapshot.history)));
  redo = (): void => this.#set(withHistory(this.#snapshot, redo(this.#snapshot.history)));

  // What the server and other people do

  receive = (patch: Patch): void =>
    this.#set(withHistory(this.#snapshot, receive(this.#snapshot.history, patch)));

  setClasses(classes: readonly LabelClass[]): void {
    this.#set({ classes, classId: classToBeginWith({ hand: this.#snapshot, classes }) });
  }

  setRules(rules: Rules): void {
    const { tool, readOnly } = this.#snapshot;
    this.#set({ rules });
    if (!readOnly && !isUsed(tool, rules)) this.setTool(firstTool(rules));
  }

  setConflicts = (conflicts: readonly Versions[]): void => this.#set({ conflicts });
  setProposals = (proposals: Proposals | null): void => this.#set({ proposals });

  setReady(ready: boolean): void {
    if (ready !== this.#snapshot.ready) this.#set({ ready });
  }

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
