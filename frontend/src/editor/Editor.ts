import type { Size, Vector } from "../geometry/vector";
import { closeUp, toImage, toScreen } from "../geometry/viewport";
import { addAnnotations } from "../model/actions/addAnnotation";
import { changeAnnotation, changeAnnotations } from "../model/actions/changeAnnotations";
import { deleteAnnotations } from "../model/actions/deleteAnnotations";
import { keepApart } from "../model/actions/keepApart";
import { rasterisePolygons } from "../model/actions/reshape";
import type { Annotation, LabelClass, Person } from "../model/annotation";
import { defaultsOf } from "../model/attributes";
import { draftOf, FIRST_TOLERANCE } from "../model/conversion";
import { type History, perform, receive, redo, undo } from "../model/history";
import type { LabeledImage } from "../model/labeledImage";
import { nameOf } from "../model/lookup";
import type { Patch } from "../model/patch";
import type { Prediction, Prompt } from "../model/prediction";
import type { Proposals } from "../model/proposal";
import type { Rules } from "../model/rules";
import type { Effect, Pointer, ToolContext, ToolEvent, ToolName } from "../tools/tool";
import { toggleTag } from "./edits";
import type { Keymap } from "./keymap";
import type { Look } from "./personal";
import { firstSnapshot, type Opened, type Snapshot } from "./snapshot";
import { edited, firstTool, isIdle, isUsed, putDown, stepTool } from "./toolbox";
import { actualSize, centred, crosshairMoved, fitted, panned, resized, zoomed, zoomedTo } from "./view";

export interface EditorPorts {
  /** Rejects with an error whose message is a sentence for people. "later": its region is still being prepared. */
  readonly predict: (prompt: Prompt) => Promise<Prediction | "later">;
  readonly newId: () => string;
}

interface EditorInput extends Opened {
  readonly me: Person;
  readonly ports: EditorPorts;
}

/** The one object of the editor that changes. Holds a snapshot, replaces it, tells who listens. */
export class Editor {
  #snapshot: Snapshot;
  readonly #me: Person;
  readonly #ports: EditorPorts;
  readonly #listeners = new Set<() => void>();

  constructor({ me, ports, ...opened }: EditorInput) {
    this.#me = me;
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

  get me(): Person {
    return this.#me;
  }

  get image(): LabeledImage {
    return this.#snapshot.history.present;
  }

  // What is seen

  resize(screen: Size): void {
    this.#set(resized(this.#snapshot, screen));
  }

  fit(): void {
    this.#set(fitted(this.#snapshot));
  }

  zoom(at: Vector, factor: number): void {
    this.#set(zoomed(this.#snapshot, at, factor));
  }

  zoomCentred(factor: number): void {
    const { width, height } = this.#snapshot.screen;
    this.zoom({ x: width / 2, y: height / 2 }, factor);
  }

  pan(by: Vector): void {
    this.#set(panned(this.#snapshot, by));
  }

  zoomTo(id: string): void {
    this.#set(zoomedTo(this.#snapshot, id));
  }

  /** Shows one image pixel as one pixel of the screen, around what is in the middle. */
  actualSize(): void {
    this.#set(actualSize(this.#snapshot));
  }

  /** Brings a place of the image into the middle. */
  centre(at: Vector): void {
    this.#set(centred(this.#snapshot, at));
  }

  setLook(change: Partial<Look>): void {
    this.#set({ look: { ...this.#snapshot.look, ...change } });
  }

  setKeymap(keymap: Keymap): void {
    this.#set({ keymap });
  }

  // What is done with the tools

  /** Moves the crosshair by pixels of the screen, as a mouse would move the pointer. */
  moveCrosshair(by: Vector): void {
    const crosshair = crosshairMoved(this.#snapshot, by);
    this.#set({ crosshair, pointer: crosshair });
    this.send({ type: "move", pointer: this.#atCrosshair(crosshair) });
  }

  /** A click where the crosshair is. A box has two of them: where it begins and where it ends. */
  press({ removes = false } = {}): void {
    const { crosshair, tool, box } = this.#snapshot;
    if (!crosshair) return;
    const pointer = this.#atCrosshair(crosshair);
    const pressed = tool === "box" && box.press !== null;
    if (!pressed) this.send({ type: "down", pointer, removes, shift: false });
    if (pressed || tool !== "box") this.send({ type: "up", pointer });
  }

  #atCrosshair(at: Vector): Pointer {
    return { at, screen: toScreen(this.#snapshot.viewport, at) };
  }

  pointerAt(screen: Vector): Pointer {
    return { screen, at: toImage(this.#snapshot.viewport, screen) };
  }

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
    this.#set({ ...putDown(this.#snapshot), tool, converting: null, notice: null });
  }

  /** Lets SAM make a mask of a box; the candidates are chosen as always. */
  maskFromBox(id: string): void {
    this.setTool("segment");
    this.send({ type: "fromBox", id });
  }

  /** Hands an event to the tool in use and does what it asks for. */
  send(event: ToolEvent): void {
    if (event.type !== "move" && event.type !== "leave") this.#set({ notice: null });
    const { state, effects } = stepTool(this.#snapshot.tool, this.#snapshot, event, this.#context());
    this.#set(state);
    for (const effect of effects) this.#perform(effect);
  }

  /** Gives up one level of what is under way: the drag, the points, the selection. */
  cancel(): void {
    if (this.#snapshot.converting) this.#set({ converting: null });
    else {
      if (isIdle(this.#snapshot)) this.select();
      this.send({ type: "cancel" });
    }
  }

  // What is done to the annotations

  /** For what comes, and for what is being edited now. */
  chooseClass(classId: string): void {
    const labelClass = this.#snapshot.classes.find(({ id }) => id === classId);
    if (!labelClass) return;
    if (this.#snapshot.tool === "tag") {
      toggleTag(this, classId);
      return;
    }
    const ids = edited(this.#snapshot);
    const changes = new Map(ids.map((id) => [id, { class_id: classId }]));
    if (ids.length) this.edit(`Change class to ${labelClass.name}`, changeAnnotations(changes));
    this.#set({ classId });
  }

  setClasses(classes: readonly LabelClass[]): void {
    const { classId } = this.#snapshot;
    const kept = classes.some(({ id }) => id === classId) ? classId : (classes[0]?.id ?? null);
    this.#set({ classes, classId: kept });
  }

  setRules(rules: Rules): void {
    const { tool, readOnly } = this.#snapshot;
    this.#set({ rules });
    if (!readOnly && !isUsed(tool, rules)) this.setTool(firstTool(rules));
  }

  /** One more in the selection, or one less. */
  toggleSelected(id: string): void {
    const { selected } = this.#snapshot;
    this.select(...(selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id]));
  }

  select(...ids: readonly string[]): void {
    // A point that was touched belongs to what was selected then.
    this.#set({ selected: ids, converting: null, select: { ...this.#snapshot.select, vertex: null } });
  }

  /** "Sheep 1", or "3 objects". */
  names(ids: readonly string[]): string {
    const [first = ""] = ids;
    return ids.length === 1 ? nameOf(this.image, this.#snapshot.classes, first) : `${ids.length} objects`;
  }

  /** Does an edit as one entry of the history; false when there was nothing to change. */
  edit(label: string, edit: (image: LabeledImage) => LabeledImage): boolean {
    const { history, readOnly, locked } = this.#snapshot;
    const next = perform(history, label, (image) => this.#kept(image, edit(image)));
    const touched = next === history ? [] : [...(next.done.at(-1)?.before.keys() ?? [])];
    const held = touched.filter((id) => locked.has(id));
    if (readOnly) this.say("You may look at this image, but not change it.");
    else if (held.length) this.say(`${this.names(held)}: locked. Press L to unlock what is selected.`);
    else this.#setHistory(next);
    return readOnly || held.length > 0 || next !== history;
  }

  /** What the project's rules leave of an edit. */
  #kept(before: LabeledImage, after: LabeledImage): LabeledImage {
    return this.#snapshot.rules.overlap === "exclusive" ? keepApart(before, after) : after;
  }

  say(sentence: string): void {
    this.#set({ notice: sentence });
  }

  remove(...ids: readonly string[]): void {
    this.edit(`Delete ${this.names(ids)}`, deleteAnnotations(...ids));
  }

  /** Locks what is selected, or unlocks it when all of it is locked. */
  toggleLocked(...ids: readonly string[]): void {
    const locked = new Set(this.#snapshot.locked);
    const lock = ids.some((id) => !locked.has(id));
    for (const id of ids) lock ? locked.add(id) : locked.delete(id);
    this.#set({ locked });
  }

  toggleHidden(...ids: readonly string[]): void {
    const hidden = new Set(this.#snapshot.hidden);
    for (const id of ids) if (!hidden.delete(id)) hidden.add(id);
    this.#set({ hidden });
  }

  /** Shows only what is selected, or everything again. */
  toggleSolo(): void {
    const { selected, hidden } = this.#snapshot;
    const others = [...this.image.annotations.keys()].filter((id) => !selected.includes(id));
    const alone = others.length === hidden.size && others.every((id) => hidden.has(id));
    this.#set({ hidden: new Set(alone || selected.length === 0 ? [] : others) });
  }

  /** Shows a mask as the polygon that it would be, with a tolerance to choose; a polygon becomes a mask at once. */
  convert(id: string): void {
    if (this.image.annotations.get(id)?.kind === "mask")
      this.#set({ converting: { id, tolerance: FIRST_TOLERANCE }, notice: null });
    else this.edit(`Make a mask of ${this.names([id])}`, rasterisePolygons(id));
  }

  setTolerance(tolerance: number): void {
    const { converting } = this.#snapshot;
    if (converting) this.#set({ converting: { ...converting, tolerance } });
  }

  keepConversion(): void {
    const { converting } = this.#snapshot;
    const draft = converting && draftOf(converting, this.image);
    this.#set({ converting: null });
    if (!draft) return;
    const { id, kind, segmentation, polygon, bbox, area } = draft.annotation;
    const change = { kind, segmentation, polygon, bbox, area };
    this.edit(`Make a polygon of ${this.names([id])}`, changeAnnotation(id, change));
  }

  undo(): void {
    this.#setHistory(undo(this.#snapshot.history));
  }

  redo(): void {
    this.#setHistory(redo(this.#snapshot.history));
  }

  /** Takes in what the server or other people did. */
  receive(patch: Patch): void {
    this.#setHistory(receive(this.#snapshot.history, patch));
  }

  setProposals(proposals: Proposals | null): void {
    this.#set({ proposals });
  }

  setReady(ready: boolean): void {
    if (ready !== this.#snapshot.ready) this.#set({ ready });
  }

  #context(): ToolContext {
    const { viewport, ...known } = this.#snapshot;
    const { image } = this;
    const seen = { scale: viewport.scale, closeUp: closeUp(viewport, known.screen, image) };
    return { ...known, ...seen, image, me: this.#me, newId: this.#ports.newId };
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case "predict":
        void this.#predict(effect);
        break;
      case "select":
        this.select(...effect.ids);
        break;
      case "say":
        this.say(effect.sentence);
        break;
      case "add":
        this.#add(`Add ${this.#className(effect.annotation.class_id)}`, [effect.annotation]);
        break;
      case "accept": {
        const { length } = effect.annotations;
        const label = length === 1 ? "Accept proposal" : `Accept ${length} proposals`;
        this.#add(label, effect.annotations);
        break;
      }
      case "delete":
        this.edit(`${effect.verb} ${this.names(effect.ids)}`, deleteAnnotations(...effect.ids));
        break;
      case "change":
        this.edit(
          `${effect.verb} ${this.names([...effect.changes.keys()])}`,
          changeAnnotations(effect.changes),
        );
    }
  }

  /** New objects have what their class says of new ones. */
  #add(label: string, annotations: readonly Annotation[]): void {
    const { classes } = this.#snapshot;
    const classOf = ({ class_id }: Annotation) => classes.find(({ id }) => id === class_id);
    const filled = annotations.map((annotation) => {
      const labelClass = classOf(annotation);
      return labelClass ? { ...annotation, attributes: defaultsOf(labelClass) } : annotation;
    });
    if (!this.edit(label, addAnnotations(filled)))
      this.say("All of it belongs to other objects already, and in this project masks do not overlap.");
  }

  async #predict({ request, prompt, after }: Extract<Effect, { type: "predict" }>): Promise<void> {
    if (after) await new Promise((resolve) => setTimeout(resolve, after));
    if (after && this.#snapshot.segment.detail?.request !== request) return;
    const asked = performance.now();
    try {
      const prediction = await this.#ports.predict(prompt);
      if (prediction === "later") return this.#answer({ type: "notReady", request });
      const milliseconds = Math.round(performance.now() - asked);
      this.#set({ lastPredict: { model: prediction.model, milliseconds } });
      this.#answer({ type: "predicted", request, prediction });
    } catch (error) {
      const reason = error instanceof Error ? error.message : "The model did not answer. Click again.";
      this.#answer({ type: "failed", request, reason });
    }
  }

  /** Answers reach the SAM tool also when another tool is in use by then. */
  #answer(event: ToolEvent): void {
    const { state, effects } = stepTool("segment", this.#snapshot, event, this.#context());
    this.#set(state);
    for (const effect of effects) this.#perform(effect);
  }

  #setHistory(history: History): void {
    const { selected } = this.#snapshot;
    const kept = selected.filter((id) => history.present.annotations.has(id));
    this.#set({ history, selected: kept.length === selected.length ? selected : kept });
  }

  #className(id: string): string {
    return this.#snapshot.classes.find((labelClass) => labelClass.id === id)?.name ?? "object";
  }

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
