/** What was promised. Each is named by how it is broken. */
export const PROMISES = {
  lost: "was acknowledged, and never came to an end",
  again: "was handed out again after its end was durable",
  twice: "was handed out again though no daemon died and nobody left",
  reused: "names two jobs",
  altered: "was not handed out as it was submitted",
  early: "was handed out before its time",
  order: "was handed out after a job that was acknowledged later",
} as const;

export type Broken = keyof typeof PROMISES;

/** What the ledger has seen; none of it is wrong. */
export interface Counts {
  lives: number;
  submitted: number;
  /** Background and epoch jobs, joins included. */
  acknowledged: number;
  /** Submits that were given the handle of another one's job. */
  joined: number;
  refused: number;
  assigned: number;
  completed: number;
  /** Ends that were known to be durable. */
  durable: number;
  /** Handed out again after a crash: the commit with their end was in flight. */
  repeated: number;
  /** Jobs whose worker had left, or died with the daemon, and that were handed out anew. */
  retried: number;
  /** Jobs acknowledged by an earlier daemon than the one that first handed them out. */
  recovered: number;
  /** Of those, jobs whose order was looked at. */
  ordered: number;
  /** Submits whose connection broke before an answer. */
  unknown: number;
}

export interface Verdict extends Counts {
  /** How many promises of each kind were broken; no entry is good. */
  readonly violations: Readonly<Partial<Record<Broken, number>>>;
  /** The first of them, in words. */
  readonly examples: readonly string[];
}

const MANY = 50;

/** Counts, and writes down what was broken. */
export class Tally {
  readonly counts: Counts = {
    lives: 0,
    submitted: 0,
    acknowledged: 0,
    joined: 0,
    refused: 0,
    assigned: 0,
    completed: 0,
    durable: 0,
    repeated: 0,
    retried: 0,
    recovered: 0,
    ordered: 0,
    unknown: 0,
  };
  readonly #violations: Partial<Record<Broken, number>> = {};
  readonly #examples: string[] = [];

  broken(promise: Broken, handle: string, more = ""): void {
    this.#violations[promise] = (this.#violations[promise] ?? 0) + 1;
    if (this.#examples.length < MANY) this.#examples.push(`${handle} ${PROMISES[promise]}${more && `: ${more}`}`);
  }

  verdict(): Verdict {
    return { ...this.counts, violations: { ...this.#violations }, examples: [...this.#examples] };
  }
}
