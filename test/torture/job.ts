import type { Likeness, Submitted } from "./records.ts";

/** When and over which connection something happened; connections do not outlive a daemon. */
export interface Moment {
  readonly life: number;
  readonly connection: number;
}

/** What the ledger knows of the job that a handle names. */
export class Job {
  readonly handle: string;
  /** By what others join it; none if nothing does. */
  readonly key: string | undefined;
  /** Submits that were answered with its handle. */
  readonly submits: Submitted[] = [];
  /** In which life it was first acknowledged. */
  acknowledgedIn = 0;
  /** Acknowledged in the background, and no end of it sent since. */
  owed = false;
  /** As it was handed out. */
  look: string | undefined;
  /** Who has it. */
  holder: Moment | undefined;
  /** Where its end was last sent. */
  end: Moment | undefined;
  /** The place in the ledger at which its end was known to be durable. */
  durableAt = Number.POSITIVE_INFINITY;

  /** @param known from the first submit that was answered with it, or from when it was handed out before */
  constructor(handle: string, known: Likeness) {
    this.handle = handle;
    this.key = keyOf(known);
  }

  /** Whether a submit like that may have made it, or joined it. */
  admits(like: Likeness): boolean {
    if (this.key !== undefined) return this.key === keyOf(like);
    return this.submits.length === 0 && (this.look === undefined || this.look === lookOf(like));
  }

  /** Whether it was submitted with that look, or handed out with it before, as far as it was acknowledged. */
  hasLook(look: string): boolean {
    return this.look === undefined ? this.submits.some((submit) => lookOf(submit) === look) : this.look === look;
  }
}

/** All of it in one word. */
export function lookOf({ function: fn, unique, reducer, workload }: Likeness): string {
  return JSON.stringify([fn, unique, reducer, workload]);
}

/** What others join it by; none if nothing does. */
export function keyOf({ function: fn, unique, workload }: Likeness): string | undefined {
  if (unique === "") return undefined;
  return JSON.stringify(unique === "-" ? [fn, unique, workload] : [fn, unique]);
}

/** The number at the end of a handle. */
export function numberOf(handle: string): number {
  return Number(handle.slice(handle.lastIndexOf(":") + 1));
}
