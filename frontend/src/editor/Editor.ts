import { grow, intersection } from "../geometry/box";
import type { Size, Vector } from "../geometry/vector";
import { fitImage, minScale, pan, showBox, toImage, type Viewport, zoomAt } from "../geometry/viewport";
import { addAnnotation } from "../model/actions/addAnnotation";
import { changeAnnotation } from "../model/actions/changeAnnotation";
import { deleteAnnotation } from "../model/actions/deleteAnnotation";
import { boundsOf, type LabelClass, type Person } from "../model/annotation";
import { type History, perform, receive, redo, startHistory, undo } from "../model/history";
import type { LabeledImage } from "../model/labeledImage";
import type { Patch } from "../model/patch";
import type { Prediction, Prompt } from "../model/prediction";
import { idleSegment, type SegmentState, stepSegment } from "../tools/segment";
import { idleSelect, type SelectState, stepSelect } from "../tools/select";
import type { Effect, Pointer, ToolContext, ToolEvent, ToolName } from "../tools/tool";

/** Everything that the editor shows, as one value that is replaced and never changed. */
export interface Snapshot {
  readonly history: History;
  readonly selected: string | null;
  readonly hidden: ReadonlySet<string>;
  readonly screen: Size;
  readonly viewport: Viewport;
  /** Nobody has zoomed or moved the image, so it goes on to fit when the window changes. */
  readonly fitted: boolean;
  readonly tool: ToolName;
  readonly segment: SegmentState;
  readonly select: SelectState;
  readonly classes: readonly LabelClass[];
  readonly classId: string | null;
  readonly pointer: Vector | null;
  /** A sentence about what was just tried; goes with the next thing done. */
  readonly notice: string | null;
  readonly ready: boolean;
  readonly readOnly: boolean;
  /** How the model last answered. */
  readonly lastPredict: { readonly model: string; readonly milliseconds: number } | null;
}

export interface EditorPorts {
  /** Rejects with an error whose message is a sentence for people. */
  readonly predict: (prompt: Prompt) => Promise<Prediction>;
  readonly newId: () => string;
}

interface EditorInput {
  readonly image: LabeledImage;
  readonly classes: readonly LabelClass[];
  readonly me: Person;
  readonly readOnly: boolean;
  readonly ready: boolean;
  readonly ports: EditorPorts;
  /** The object to fit, with some of its surroundings; without it the whole image is. */
  readonly about?: string;
}

const NOWHERE: Size = { width: 0, height: 0 };

/** The one object of the editor that changes. Holds a snapshot, replaces it, tells who listens. */
export class Editor {
  #snapshot: Snapshot;
  readonly #me: Person;
  readonly #ports: EditorPorts;
  readonly #about: string | undefined;
  readonly #listeners = new Set<() => void>();

  constructor({ image, classes, me, readOnly, ready, ports, about }: EditorInput) {
    this.#about = about;
    this.#me = me;
    this.#ports = ports;
    this.#snapshot = {
      history: startHistory(image),
      selected: null,
      hidden: new Set(),
      screen: NOWHERE,
      viewport: { scale: 1, x: 0, y: 0 },
      fitted: true,
      tool: readOnly ? "select" : "segment",
      segment: idleSegment,
      select: idleSelect,
      classes,
      classId: classes[0]?.id ?? null,
      pointer: null,
      notice: null,
      ready,
      readOnly,
      lastPredict: null,
    };
  }

  getSnapshot = (): Snapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get image(): LabeledImage {
    return this.#snapshot.history.present;
  }

  // What is seen

  resize(screen: Size): void {
    const { fitted, viewport } = this.#snapshot;
    this.#set({ screen, viewport: fitted ? this.#fitted(screen) : viewport });
  }

  fit(): void {
    this.#set({ viewport: this.#fitted(this.#snapshot.screen), fitted: true });
  }

  zoom(at: Vector, factor: number): void {
    const { viewport, screen } = this.#snapshot;
    const zoomed = zoomAt(viewport, at, factor, minScale(this.image, screen));
    this.#set({ viewport: pan(zoomed, { x: 0, y: 0 }, this.image, screen), fitted: false });
  }

  zoomCentred(factor: number): void {
    const { width, height } = this.#snapshot.screen;
    this.zoom({ x: width / 2, y: height / 2 }, factor);
  }

  pan(by: Vector): void {
    const { viewport, screen } = this.#snapshot;
    this.#set({ viewport: pan(viewport, by, this.image, screen), fitted: false });
  }

  zoomTo(id: string): void {
    const viewport = this.#around(id, this.#snapshot.screen);
    if (viewport) this.#set({ viewport, fitted: false });
  }

  // What is done with the tools

  pointerAt(screen: Vector): Pointer {
    return { screen, at: toImage(this.#snapshot.viewport, screen) };
  }

  down(screen: Vector, removes: boolean): void {
    this.send({ type: "down", pointer: this.pointerAt(screen), removes });
  }

  move(screen: Vector): void {
    const pointer = this.pointerAt(screen);
    this.#set({ pointer: pointer.at });
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
    if (tool === "segment" && this.#snapshot.readOnly) return;
    this.send({ type: "cancel" });
    this.#set({ tool, select: idleSelect, notice: null });
  }

  /** Hands an event to the tool in use and does what it asks for. */
  send(event: ToolEvent): void {
    const { tool, segment, select } = this.#snapshot;
    if (event.type !== "move" && event.type !== "leave") this.#set({ notice: null });
    if (tool === "segment") {
      const { state, effects } = stepSegment(segment, event, this.#context());
      this.#set({ segment: state });
      this.#perform(effects);
    } else {
      const { state, effects } = stepSelect(select, event, this.#context());
      this.#set({ select: state });
      this.#perform(effects);
    }
  }

  /** Gives up one level of what is under way: the drag, the points, the selection. */
  cancel(): void {
    const { tool, segment } = this.#snapshot;
    const idle = tool !== "segment" || (segment.trail.length === 0 && !segment.press);
    if (idle) this.select(null);
    this.send({ type: "cancel" });
  }

  // What is done to the annotations

  chooseClass(classId: string): void {
    const { selected, tool, classes } = this.#snapshot;
    const labelClass = classes.find(({ id }) => id === classId);
    if (!labelClass) return;
    if (tool === "select" && selected) {
      this.#edit(`Change class to ${labelClass.name}`, changeAnnotation(selected, { class_id: classId }));
    }
    this.#set({ classId });
  }

  setClasses(classes: readonly LabelClass[]): void {
    const { classId } = this.#snapshot;
    const kept = classes.some(({ id }) => id === classId) ? classId : (classes[0]?.id ?? null);
    this.#set({ classes, classId: kept });
  }

  select(id: string | null): void {
    this.#set({ selected: id });
  }

  remove(id: string): void {
    const annotation = this.image.annotations.get(id);
    if (annotation) this.#edit(`Delete ${this.#className(annotation.class_id)}`, deleteAnnotation(id));
  }

  toggleHidden(id: string): void {
    const hidden = new Set(this.#snapshot.hidden);
    if (!hidden.delete(id)) hidden.add(id);
    this.#set({ hidden });
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

  setReady(ready: boolean): void {
    if (ready !== this.#snapshot.ready) this.#set({ ready });
  }

  #fitted(screen: Size): Viewport {
    return (this.#about && this.#around(this.#about, screen)) || fitImage(this.image, screen);
  }

  /** Shows one object large, with 40 % of its size around it. */
  #around(id: string, screen: Size): Viewport | null {
    const annotation = this.image.annotations.get(id);
    const box = annotation && boundsOf(annotation);
    if (!box) return null;
    const whole = { x: 0, y: 0, w: this.image.width, h: this.image.height };
    return showBox(intersection(grow(box, 0.4 * Math.max(box.w, box.h)), whole), screen);
  }

  #context(): ToolContext {
    const { hidden, selected, classId, ready } = this.#snapshot;
    const { newId } = this.#ports;
    return { image: this.image, hidden, selected, classId, ready, me: this.#me, newId };
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === "predict") void this.#predict(effect.request, effect.prompt);
      else if (effect.type === "select") this.select(effect.id);
      else if (effect.type === "say") this.#set({ notice: effect.sentence });
      else this.#edit(`Add ${this.#className(effect.annotation.class_id)}`, addAnnotation(effect.annotation));
    }
  }

  async #predict(request: number, prompt: Prompt): Promise<void> {
    const asked = performance.now();
    try {
      const prediction = await this.#ports.predict(prompt);
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
    const { state } = stepSegment(this.#snapshot.segment, event, this.#context());
    this.#set({ segment: state });
  }

  #edit(label: string, edit: (image: LabeledImage) => LabeledImage): void {
    if (this.#snapshot.readOnly) this.#set({ notice: "You may look at this image, but not change it." });
    else this.#setHistory(perform(this.#snapshot.history, label, edit));
  }

  #setHistory(history: History): void {
    const { selected } = this.#snapshot;
    const kept = selected && history.present.annotations.has(selected) ? selected : null;
    this.#set({ history, selected: kept });
  }

  #className(id: string): string {
    return this.#snapshot.classes.find((labelClass) => labelClass.id === id)?.name ?? "object";
  }

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
