/** Copies what can be read of a damaged data directory into a new one. Of the old one, files are read, and nothing is written. */
import { statSync } from "node:fs";
import { BLOCK } from "../numbers.ts";
import { logOf } from "../sqlite/files.ts";
import { NO_NUMBERS } from "../sqlite/handle-numbers.ts";
import { StoreError } from "../store-error.ts";
import { type Judged, jobLine, judgeRow } from "./job-line.ts";
import { NewQueue, refuseWithin } from "./new-queue.ts";
import { headProblem } from "./raw-head.ts";
import { Pages } from "./raw-pages.ts";
import { type Rescued, rescue } from "./rescue.ts";
import { databaseIn, refuseInUse } from "./view.ts";

export interface Salvaged {
  /** Rows that are in the new queue, dead ones among them. */
  readonly jobs: number;
  /** Of those, rows that may be of jobs which were done: it is not known whether their room was given up. */
  readonly uncertain: number;
  /** Rows that could be found, and are not whole. */
  readonly damaged: number;
  /** Places where rows may have been. */
  readonly losses: number;
  /** Parts of the log that are not whole: rows may be from before them. */
  readonly damagedFrames: number;
  /** Handles get higher numbers than this. */
  readonly numbers: number;
  /** What is wrong with the file as a whole. */
  readonly problems: readonly string[];
}

/** Whether it was all there. */
export const isWhole = ({ uncertain, damaged, losses, damagedFrames, problems }: Salvaged): boolean =>
  uncertain + damaged + losses + damagedFrames + problems.length === 0;

export interface Progress {
  readonly done: number;
  readonly all: number;
}

/** Yields with each page, and at its end returns what came of it. Throws a StoreError that says what to do. @param now seconds */
export function* salvage(directory: string, target: string, now: number): Generator<Progress, Salvaged> {
  refuseWithin(directory, target);
  const before = stateOf(directory);
  const pages = new Pages(directory);
  try {
    const queue = new NewQueue(target);
    return yield* fill(queue, pages, now, () => refuseChange(directory, before));
  } finally {
    pages.close();
  }
}

function* fill(queue: NewQueue, pages: Pages, now: number, verify: () => void): Generator<Progress, Salvaged> {
  const copy = new Copy(queue, now);
  try {
    let done = 0;
    for (const found of rescue(pages)) {
      for (const one of found) copy.take(one);
      yield { done: ++done, all: pages.count };
    }
    verify();
    const { uncertain, damaged, losses, numbers } = copy;
    const problems = [headProblem(pages) ?? copy.numbersProblem ?? []].flat();
    const jobs = queue.finish(numbers);
    return { jobs, uncertain, damaged, losses, damagedFrames: pages.damagedFrames, numbers, problems };
  } finally {
    queue.close();
  }
}

/** Sorts what was found. */
class Copy {
  uncertain = 0;
  damaged = 0;
  losses = 0;
  readonly #queue: NewQueue;
  readonly #now: number;
  #reserved = -1;
  #highest = 0;

  constructor(queue: NewQueue, now: number) {
    this.#queue = queue;
    this.#now = now;
  }

  /** What was reserved, if that was found; else it is guessed. */
  get numbers(): number {
    return this.#reserved >= this.#highest ? this.#reserved : this.#highest + BLOCK;
  }

  /** Undefined: none. */
  get numbersProblem(): string | undefined {
    return this.#reserved < 0 ? NO_NUMBERS : undefined;
  }

  take(one: Rescued): void {
    if (one.kind === "numbers") this.#reserved = Math.max(this.#reserved, one.value);
    else if (one.kind === "row") this.#takeRow(one, judgeRow({ ...one.found }, this.#now));
    else {
      this.losses++;
      this.#queue.remark({ state: "lost", page: one.page, what: one.what });
    }
  }

  #takeRow({ found, certain }: Extract<Rescued, { kind: "row" }>, judged: Judged): void {
    const { id, record, fate, sum } = found;
    if (judged.state !== "damaged") {
      this.#queue.put(id, record, fate, sum);
      this.#highest = Math.max(this.#highest, Number(/:(\d+)$/.exec(judged.job.handle)?.[1] ?? 0));
      if (!certain) this.#remark(found, "uncertain");
    } else if (certain) this.#remark(found, "damaged");
  }

  #remark(found: object, what: "uncertain" | "damaged"): void {
    this[what]++;
    this.#queue.remark({ ...jobLine({ ...found }, this.#now), ...(what === "uncertain" ? { copied: what } : {}) });
  }
}

/** Tells whether the files have changed. Throws a StoreError when a server uses them. */
function stateOf(directory: string): string {
  const file = databaseIn(directory);
  refuseInUse(directory);
  return [file, logOf(file)]
    .map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }))
    .map((stat) => `${stat?.ino} ${stat?.size} ${stat?.mtimeNs}`)
    .join();
}

function refuseChange(directory: string, before: string): void {
  if (stateOf(directory) !== before)
    throw new StoreError(
      "open",
      `${directory} has changed while it was read: see that no server uses it, and try again`,
    );
}
