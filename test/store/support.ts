import { EventEmitter } from "node:events";
import fc from "fast-check";
import { afterAll } from "vitest";
import type { JobRecord } from "../../src/core/job.ts";
import type { Priority } from "../../src/core/types.ts";
import type { Answer, Committed, Question } from "../../src/store/messages.ts";
import { SQLITE } from "../../src/store/sqlite/driver.ts";
import type { Thread } from "../../src/store/storage-thread.ts";

const { SEED = String(Date.now() % 2 ** 31), RUNS = "200" } = process.env;

/** Checks a property for many random values; the seed is printed. */
export function check<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { seed: Number(SEED), numRuns: Number(RUNS) });
}

export const printSeed = (name: string): void =>
  afterAll(() => console.log(`${name}: SEED=${SEED}, ${RUNS} runs of each property`));

/** A job as a store gets it; its row is the store's to give. */
export function aRecord(changes: Partial<JobRecord> = {}): JobRecord {
  const rest = { unique: "", reducer: "", priority: 1, epoch: 0, retries: 0, row: 0 } as const;
  return { handle: "H:1", function: "f", workload: Buffer.from("load"), ...rest, ...changes };
}

const name = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString("latin1"));

/** Any job that can come over the wire, and longer names. */
export const anyRecord: fc.Arbitrary<JobRecord> = fc.record({
  handle: name(64),
  function: name(200),
  unique: name(64),
  reducer: name(64),
  workload: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
  priority: fc.constantFrom<Priority>(0, 1, 2),
  epoch: fc.oneof(fc.nat(), fc.bigInt(0n, 2n ** 63n - 1n).map(Number)),
  retries: fc.nat(2 ** 32 - 1),
  row: fc.integer({ min: 1, max: 2 ** 52 }),
});

/** As SQLite's drivers throw it. */
export const sqliteError = (code: keyof typeof SQLITE | number): Error =>
  Object.assign(new Error(`SQLite says ${code}`), { errcode: typeof code === "number" ? code : SQLITE[code] });

/** A disk error, with which a store cannot go on: SQLITE_IOERR_FSYNC. */
export const IO_ERROR: Error = sqliteError(1034);

export const OPENED: Extract<Answer, { tell: "opened" }> = {
  tell: "opened",
  lastRow: 0,
  numbers: { first: 0, last: 1_000_000 },
  dead: 0,
  damaged: [],
  space: true,
};

/** A storage thread that answers what the test says. */
export class StubThread extends EventEmitter implements Thread {
  /** What it was asked and has not answered. */
  readonly questions: Question[] = [];
  /** What it answers to `open`; undefined: nothing. */
  opening: Answer | undefined = OPENED;
  terminated = false;
  referenced = true;

  postMessage(question: Question): void {
    this.questions.push(question);
    if (question.ask === "open" && this.opening !== undefined) this.answer(this.opening);
    if (question.ask === "close") this.#close();
  }

  /** The commit that is in flight. */
  get batch(): Extract<Question, { ask: "commit" }>["batch"] | undefined {
    const [question] = this.questions;
    return question?.ask === "commit" ? question.batch : undefined;
  }

  answer(answer: Answer): void {
    this.questions.shift();
    this.emit("message", answer);
  }

  committed(changes: Partial<Committed> = {}): void {
    this.answer({ tell: "committed", refused: [], changed: true, space: true, ...changes });
  }

  #close(): void {
    this.answer({ tell: "closed" });
    this.emit("exit");
  }

  unref(): void {
    this.referenced = false;
  }

  async terminate(): Promise<void> {
    this.terminated = true;
  }
}
