import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { newOpId } from "./client";
import { Problem } from "./problem";

/** Milliseconds after an answer in which the same wish is the other half of a double click. */
const DOUBLE_CLICK_MS = 700;

type Create<Input, Output> = (input: Input, opId: string) => Promise<Output>;

interface Flight<Output> {
  readonly input: string;
  readonly answer: Promise<Output>;
}

/**
 * Creates one thing for one wish, however often the button is pressed and the request is sent.
 *
 * While a request is under way, and just after it, the same wish gets the same answer. A request that failed is sent
 * again with the same operation id, until one succeeds: an answer that was lost makes no second thing.
 */
export class Creation<Output> {
  readonly #opIds = new Map<string, string>();
  readonly #flights = new Map<string, Flight<Output>>();

  /**
   * Raises `Problem`, also when an earlier try has succeeded with another input. A slot is for wishes that replace each
   * other; answers in two threads, say, have two.
   */
  send<Input>(create: Create<Input, Output>, input: Input, slot: string): Promise<Output> {
    const written = JSON.stringify(input) ?? "";
    const flight = this.#flights.get(slot);
    if (flight?.input === written) return flight.answer;
    const answer = this.#send((opId) => create(input, opId), slot, flight?.answer);
    const current = { input: written, answer };
    this.#flights.set(slot, current);
    const land = () => {
      if (this.#flights.get(slot) === current) this.#flights.delete(slot);
    };
    answer.then(() => setTimeout(land, DOUBLE_CLICK_MS), land);
    return answer;
  }

  async #send(
    create: (opId: string) => Promise<Output>,
    slot: string,
    before: Promise<Output> | undefined,
  ): Promise<Output> {
    // Its operation id is this one's too, unless it succeeds.
    await before?.catch(() => undefined);
    const opId = this.#opIds.get(slot) ?? newOpId();
    this.#opIds.set(slot, opId);
    try {
      const created = await create(opId);
      this.#opIds.delete(slot);
      return created;
    } catch (error) {
      throw this.#explained(slot, error);
    }
  }

  #explained(slot: string, error: unknown): unknown {
    if (!isReused(error)) return error;
    this.#opIds.delete(slot);
    const detail =
      "Your first attempt reached the server after all, with the earlier values. Check what it created before you send this one.";
    return new Problem({ status: error.status, code: error.code, detail });
  }
}

interface CreationOptions<Input, Output> {
  create: Create<Input, Output>;
  /** The list that shows what is created. */
  outdates?: QueryKey;
  onCreated?: (created: Output, input: Input) => unknown;
  /** Tells wishes apart that do not replace each other. */
  slotOf?: (input: Input) => string;
}

/** A mutation for a button that creates something. Disable the button while it is pending. */
export function useCreation<Input, Output>(options: CreationOptions<Input, Output>) {
  const { create, outdates, onCreated, slotOf = () => "" } = options;
  const client = useQueryClient();
  const [creation] = useState(() => new Creation<Output>());
  const refresh = () => outdates && client.invalidateQueries({ queryKey: outdates });
  return useMutation({
    mutationFn: (input: Input) => creation.send(create, input, slotOf(input)),
    onSuccess: async (created, input) => {
      onCreated?.(created, input);
      await refresh();
    },
    onError: (error) => isReused(error) && void refresh(),
  });
}

const isReused = (error: unknown): error is Problem =>
  error instanceof Problem && error.code === "op_id_reused";
