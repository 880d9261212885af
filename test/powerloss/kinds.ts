import { FAR, type SentJob, sentJob } from "../faults/job.ts";
import type { Random } from "../model/random.ts";

const KIB = 1024;

/** Jobs of a far time, at the most: they stay in the queue to the end. */
const MOST_FAR = 20;

/** What jobs may have in special, and how often. */
const KINDS: readonly (readonly [number, (id: number, from: string, random: Random) => Partial<SentJob>])[] = [
  [30, () => ({})],
  [15, (_id, from, random) => ({ unique: `${from}-${random.below(4)}` })], // joins an earlier one, at times
  [10, () => ({ priority: "high", function: "g" })],
  [10, (id) => ({ priority: "low", unique: `low-${id}` })],
  [5, () => ({ unique: "-" })],
  [5, (id) => ({ unique: `empty-${id}`, size: 0 })],
  [5, () => ({ epoch: 1 })], // long past: at once
  [5, () => ({ reducer: "r", function: "g" })],
  [5, () => ({ background: false })],
  [10, () => ({ function: "big" })],
];

/** Each as often as its share is. */
const LOTS = KINDS.flatMap(([share, special]) => Array.from({ length: share }, () => special));

/** Makes jobs of all kinds, by chance; no two of the same id. */
export class Kinds {
  readonly #random: Random;
  #ids = 0;
  #far = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** @param from the connection that it will be sent on */
  any(from: string): SentJob {
    const id = this.#ids++;
    if (this.#far < MOST_FAR && this.#random.chance(0.02)) {
      this.#far++;
      return sentJob(id, { epoch: FAR });
    }
    const special = this.#special(id, from);
    return sentJob(id, { size: this.#size(special.function === "big"), ...special });
  }

  /** In the background and alone: its acknowledgement is that of a commit. */
  plain(): SentJob {
    return sentJob(this.#ids++);
  }

  /** Together they leave enough room behind, once they are gone, for the store to give it back to the disk. */
  flood(): SentJob[] {
    return Array.from({ length: 10 }, () => sentJob(this.#ids++, { function: "big", size: 1024 * KIB }));
  }

  /** One in the foreground, and one that makes of it one in the background. */
  promoted(): [SentJob, SentJob] {
    const unique = `promoted-${this.#ids}`;
    return [sentJob(this.#ids++, { unique, background: false }), sentJob(this.#ids++, { unique })];
  }

  #special(id: number, from: string): Partial<SentJob> {
    return LOTS[this.#random.below(LOTS.length)]?.(id, from, this.#random) ?? {};
  }

  #size(big: boolean): number {
    if (big) return 20 * KIB + this.#random.below(this.#random.chance(0.2) ? 1004 * KIB : 80 * KIB);
    return 10 + this.#random.below(this.#random.chance(0.2) ? 20 * KIB : 300);
  }
}
