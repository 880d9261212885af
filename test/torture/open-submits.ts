import { lookOf } from "./job.ts";
import type { Submitted } from "./records.ts";

/** A submit and its place in the ledger. */
export interface OpenSubmit {
  readonly submit: Submitted;
  readonly at: number;
}

/** Submits that have no answer: they are on their way, or their connection broke first and nobody knows what became of them. */
export class OpenSubmits {
  readonly #byId: Map<number, OpenSubmit> = new Map();
  readonly #byLook: Map<string, Set<Submitted>> = new Map();

  get size(): number {
    return this.#byId.size;
  }

  add(submit: Submitted, at: number): void {
    this.#byId.set(submit.id, { submit, at });
    const look = lookOf(submit);
    this.#byLook.set(look, (this.#byLook.get(look) ?? new Set()).add(submit));
  }

  take(id: number): OpenSubmit {
    const open = this.#byId.get(id);
    if (open === undefined) throw new Error(`the ledger has an answer to submit ${id}, which it does not know`);
    this.#byId.delete(id);
    const look = lookOf(open.submit);
    const alike = this.#byLook.get(look);
    alike?.delete(open.submit);
    if (alike?.size === 0) this.#byLook.delete(look);
    return open;
  }

  withLook(look: string): readonly Submitted[] {
    return [...(this.#byLook.get(look) ?? [])];
  }
}
