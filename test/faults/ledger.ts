import type { SentJob } from "./job.ts";

/** What the test process knows of a job: what it sent, and what it heard. It never asks the server. */
export interface Account {
  readonly job: SentJob;
  /** The connection that it was sent on: order is kept on each. */
  readonly from: string;
  /** How the server called it; undefined: no answer came. */
  handle: string | undefined;
  /** Whether the answer was the handle of a job that was there before. */
  joined: boolean;
  refused: boolean;
  /** Whether a background submit was acknowledged with its handle: it must not be lost. */
  kept: boolean;
  /** How often a worker was given it. */
  starts: number;
  /** `sent`: its end left the worker or the operator; `durable`: the server has said since that it is stored. */
  end: "none" | "sent" | "durable";
}

/** What each job was promised, while servers come and go. */
export class Ledger {
  readonly accounts: Map<number, Account> = new Map();
  readonly #owners: Map<string, Account> = new Map();

  submitted(job: SentJob, from: string): Account {
    const account: Account = {
      job,
      from,
      handle: undefined,
      joined: false,
      refused: false,
      kept: false,
      starts: 0,
      end: "none",
    };
    this.accounts.set(job.id, account);
    return account;
  }

  created(account: Account, handle: string): void {
    account.handle = handle;
    const owner = this.#owners.get(handle) ?? account;
    account.joined = owner !== account;
    this.#owners.set(handle, owner);
    owner.kept ||= account.job.background;
  }

  /** Whose job it is; undefined: nobody was told that handle. */
  owner(handle: string): Account | undefined {
    return this.#owners.get(handle);
  }

  /** A worker was given the job: that tells its handle, too, if the answer to the submit has not come. */
  started(handle: string): void {
    const owner = this.owner(handle);
    if (owner !== undefined) owner.starts++;
  }

  ended(handle: string): void {
    const owner = this.owner(handle);
    if (owner !== undefined && owner.end === "none") owner.end = "sent";
  }

  /** These ends are on stable storage. */
  durable(handles: Iterable<string>): void {
    for (const handle of handles) {
      const owner = this.owner(handle);
      if (owner !== undefined) owner.end = "durable";
    }
  }

  /** The same knowledge, which goes its own way from here. */
  copy(): Ledger {
    const copy = new Ledger();
    for (const [id, account] of this.accounts) copy.accounts.set(id, { ...account });
    for (const [handle, { job }] of this.#owners) {
      const owner = copy.accounts.get(job.id);
      if (owner !== undefined) copy.#owners.set(handle, owner);
    }
    return copy;
  }

  /** Handles of jobs that were acknowledged, and must be there. */
  *open(): Iterable<string> {
    for (const [handle, { kept, end }] of this.#owners) if (kept && end === "none") yield handle;
  }
}
