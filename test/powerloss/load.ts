import { EventEmitter, once } from "node:events";
import { FUNCTIONS } from "../faults/script.ts";
import { Gone, type Talk } from "../faults/talk.ts";
import type { Random } from "../model/random.ts";
import type { Chronicle } from "./chronicle.ts";
import { Kinds } from "./kinds.ts";

/** Jobs that wait for a worker at the most, besides those of a far time: so an image of the disk is small. */
const BACKLOG = 40;

/** A daemon that is there for a time. */
export interface Present {
  readonly open: (name: string) => Promise<Talk>;
  /** Settles when it is there no more. */
  readonly gone: Promise<unknown>;
}

/** Clients and workers with jobs of all kinds, over the lives of several daemons. */
export class Load {
  readonly #chronicle: Chronicle;
  readonly #random: Random;
  readonly #kinds: Kinds;
  readonly #news = new EventEmitter().setMaxListeners(0);
  #connections = 0;

  constructor(chronicle: Chronicle, random: Random) {
    this.#chronicle = chronicle;
    this.#random = random;
    this.#kinds = new Kinds(random);
  }

  /** A client with so many jobs; ends before if the daemon does. */
  async client({ open, gone }: Present, jobs: number): Promise<void> {
    await untilGone(async () => {
      const name = this.#name("client");
      const talk = await open(name);
      for (let sent = 0; sent < jobs; ) {
        await this.#room(gone);
        const batch = Array.from({ length: 1 + this.#random.below(12) }, () => this.#kinds.any(name));
        sent += batch.length;
        await talk.submit(...batch);
      }
      talk.close();
    });
  }

  /** A client whose foreground jobs become ones in the background. */
  async promoter({ open, gone }: Present, jobs: number): Promise<void> {
    await untilGone(async () => {
      const talk = await open(this.#name("promoter"));
      for (let sent = 0; sent < jobs; sent++) {
        await this.#room(gone);
        await talk.submit(...this.#kinds.promoted());
      }
      talk.close();
    });
  }

  /** Many large jobs at once. */
  async flood({ open }: Present): Promise<void> {
    await untilGone(async () => {
      const talk = await open(this.#name("flood"));
      await talk.submit(...this.#kinds.flood());
      talk.close();
    });
  }

  /** A worker that ends jobs in all ways, and dies of some; it lives as long as the daemon. */
  async worker(present: Present): Promise<void> {
    await untilGone(async () => {
      for (;;) {
        const talk = await present.open(this.#name("worker"));
        for (const fn of FUNCTIONS) talk.send("CAN_DO", fn);
        while (await this.#work(talk));
        talk.close();
      }
    });
  }

  /** Settles when there is nothing left to do. */
  drained({ gone }: Present): Promise<void> {
    return this.#until(() => this.#chronicle.waiting === 0, gone);
  }

  /** Settles when so many jobs were submitted in all. */
  submitted(jobs: number, { gone }: Present): Promise<void> {
    return this.#until(() => this.#chronicle.accounts.size >= jobs, gone);
  }

  /** Takes some jobs; false: it dies with them. */
  async #work(talk: Talk): Promise<boolean> {
    const jobs = await talk.grab(1 + this.#random.below(6));
    if (jobs.length === 0) {
      talk.send("PRE_SLEEP");
      await talk.packet("NOOP");
    }
    if (jobs.length > 0 && this.#random.chance(0.05)) return false;
    for (const job of jobs) talk.end(this.#random.pick(["WORK_COMPLETE", "WORK_FAIL", "WORK_EXCEPTION"]), job);
    this.#news.emit("ended");
    if (this.#random.chance(0.3)) await talk.submit(this.#kinds.plain()); // its answer tells that those ends are stored
    if (this.#random.chance(0.1)) await talk.barrier();
    return true;
  }

  #room(gone: Promise<unknown>): Promise<void> {
    return this.#until(() => this.#chronicle.waiting < BACKLOG, gone);
  }

  /** Settles when it is so, or the daemon is gone. */
  async #until(isSo: () => boolean, gone: Promise<unknown>): Promise<void> {
    const over = gone.then(() => "over");
    while (!isSo() && (await Promise.race([once(this.#news, "ended"), over])) !== "over");
  }

  #name(what: string): string {
    return `${what}-${this.#connections++}`;
  }
}

async function untilGone(activity: () => Promise<void>): Promise<void> {
  try {
    await activity();
  } catch (error) {
    if (!(error instanceof Gone)) throw error;
  }
}
