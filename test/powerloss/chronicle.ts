import { FAR, type SentJob } from "../faults/job.ts";
import { type Account, Ledger } from "../faults/ledger.ts";

/** Nanoseconds of CLOCK_MONOTONIC, as in a recording. */
const now = (): number => Number(process.hrtime.bigint());

type Tell = (ledger: Ledger) => void;

/**
 * A ledger that remembers when it was told what, and so can say what was known at a moment. Clients and workers tell it at the same time:
 * a worker may have a job, and have ended it, before its client has heard the handle. That is told again when the handle is known.
 */
export class Chronicle extends Ledger {
  readonly #entries: { readonly at: number; readonly tell: Tell }[] = [];
  /** By handles that nobody knows yet. */
  readonly #early: Map<string, Tell[]> = new Map();
  /** When a job was acknowledged, or an end was known to be stored. */
  readonly promises: number[] = [];

  override submitted(job: SentJob, from: string): Account {
    this.#note((ledger) => ledger.submitted(job, from));
    return super.submitted(job, from);
  }

  override created(account: Account, handle: string): void {
    const early = this.#early.get(handle) ?? [];
    this.#early.delete(handle);
    const at = this.#note((ledger) => {
      const same = ledger.accounts.get(account.job.id);
      if (same !== undefined) ledger.created(same, handle);
      for (const tell of early) tell(ledger);
    });
    this.promises.push(at);
    super.created(account, handle);
    for (const tell of early) tell(this);
  }

  override started(handle: string): void {
    this.#noteOf(handle, (ledger) => ledger.started(handle));
    super.started(handle);
  }

  override ended(handle: string): void {
    this.#noteOf(handle, (ledger) => ledger.ended(handle));
    super.ended(handle);
  }

  override durable(handles: Iterable<string>): void {
    for (const handle of handles) {
      this.promises.push(this.#noteOf(handle, (ledger) => ledger.durable([handle])));
      super.durable([handle]);
    }
  }

  /** Jobs that were acknowledged, are due, and have not come to an end. */
  get waiting(): number {
    let count = 0;
    for (const handle of this.open()) if (this.owner(handle)?.job.epoch !== FAR) count++;
    return count;
  }

  /** Gives the ledger as it was at a moment, and then at later ones: always the same ledger, which goes on. */
  replay(): (moment: number) => Ledger {
    const ledger = new Ledger();
    let next = 0;
    return (moment) => {
      for (let entry = this.#entries[next]; entry !== undefined && entry.at <= moment; entry = this.#entries[++next])
        entry.tell(ledger);
      return ledger;
    };
  }

  #noteOf(handle: string, tell: Tell): number {
    if (this.owner(handle) === undefined) this.#early.set(handle, [...(this.#early.get(handle) ?? []), tell]);
    return this.#note(tell);
  }

  #note(tell: Tell): number {
    const at = now();
    this.#entries.push({ at, tell });
    return at;
  }
}
