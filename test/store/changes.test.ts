import fc from "fast-check";
import { expect, test } from "vitest";
import { Changes, type Taken } from "../../src/store/changes.ts";
import { unpackRows } from "../../src/store/rows.ts";
import { aRecord, check, printSeed } from "./support.ts";

printSeed("changes");

const MIB = 1024 * 1024;
const LARGE = Buffer.alloc(5 * MIB);

type Op =
  | { readonly what: "put"; readonly large: boolean }
  | { readonly what: "move" | "remove"; readonly which: number }
  | { readonly what: "barrier" }
  | { readonly what: "reserve" }
  /** The next commit goes out, or that which is out ends. */
  | { readonly what: "commit"; readonly succeeds: boolean };

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 60, arbitrary: fc.constant<Op>({ what: "put", large: false }) },
  { weight: 1, arbitrary: fc.constant<Op>({ what: "put", large: true }) },
  { weight: 30, arbitrary: fc.record({ what: fc.constantFrom("move" as const, "remove" as const), which: fc.nat() }) },
  { weight: 10, arbitrary: fc.constantFrom<Op>({ what: "barrier" }, { what: "reserve" }) },
  { weight: 25, arbitrary: fc.record({ what: fc.constant("commit" as const), succeeds: fc.boolean() }) },
);

interface Asked {
  readonly row: number;
  readonly at: number;
  readonly put: boolean;
}

/**
 * The changes beside what they amount to, done at once and in order, in `rows`; `disk` is what the commits made of it. `open` is what
 * was asked and is in no commit that succeeded: a barrier waits for what was open before it.
 */
class Run {
  readonly #changes = new Changes();
  readonly #rows = new Map<number, number>();
  readonly #disk = new Map<number, number>();
  #open: Asked[] = [];
  /** The commit that is out, what it is to do, and when it went out. */
  #out: { readonly taken: Taken; readonly asked: readonly Asked[]; readonly at: number } | undefined;
  readonly #barriers = new Map<number, number>();
  readonly #settled = new Set<number>();
  readonly #neverPut: number[] = [];
  #reserve = 0;
  #reserved = 0;
  #clock = 0;
  #last = 0;

  run(step: Op): void {
    this.#clock++;
    if (step.what === "put") this.#put(step.large);
    else if (step.what === "commit") this.#commit(step.succeeds);
    else if (step.what === "barrier") this.#barrier();
    else if (step.what === "reserve") this.#more();
    else this.#change(step);
  }

  finish(): void {
    for (let n = 0; this.#out !== undefined || !this.#changes.empty; n++) {
      expect(n).toBeLessThan(400);
      this.#commit(true);
    }
    expect(this.#changes.size).toBe(0);
    expect(new Map([...this.#disk].sort())).toEqual(new Map([...this.#rows].sort()));
    expect(this.#barriers.size).toBe(0);
    expect(this.#reserved).toBe(this.#reserve);
  }

  #more(): void {
    this.#reserve += 10;
    this.#changes.reserve(this.#reserve);
  }

  #put(large: boolean): void {
    const job = aRecord({ row: ++this.#last, ...(large ? { workload: LARGE } : {}) });
    this.#rows.set(job.row, job.row);
    this.#open.push({ row: job.row, at: this.#clock, put: true });
    this.#changes.put(job, () => this.#neverPut.push(job.row));
  }

  #change(step: Extract<Op, { which: number }>): void {
    const row = [...this.#rows.keys()][step.which % this.#rows.size];
    if (row === undefined) return;
    if (step.what === "remove") this.#remove(row);
    else {
      this.#rows.set(row, ++this.#last);
      this.#open.push({ row, at: this.#clock, put: false });
      this.#changes.move({ row, place: this.#last, retries: 1, dead: false });
    }
  }

  #remove(row: number): void {
    const waits = this.#open.some((one) => one.row === row && one.put);
    this.#rows.delete(row);
    this.#open = this.#open.filter((one) => one.row !== row);
    if (!waits) this.#open.push({ row, at: this.#clock, put: false });
    this.#changes.remove(row)?.settled();
    expect(this.#neverPut.splice(0)).toEqual(waits ? [row] : []);
  }

  #barrier(): void {
    const at = this.#clock;
    this.#barriers.set(at, at);
    this.#changes.barrier(() => this.#settled.add(at));
  }

  #commit(succeeds: boolean): void {
    const out = this.#out;
    this.#out = undefined;
    if (out === undefined) this.#take();
    else if (succeeds) this.#succeed(out.taken, out.at);
    else this.#fail(out.taken, out.asked);
  }

  #take(): void {
    const taken = this.#changes.take();
    const puts = new Set(taken.puts.map(({ job }) => job.row));
    const later = new Set(this.#open.filter(({ row, put }) => put && !puts.has(row)).map(({ row }) => row));
    expect(taken.puts.length > 0 || later.size === 0).toBe(true);
    expect(puts.size <= 1 || taken.batch.rows.byteLength < 8.1 * MIB).toBe(true);
    const asked = this.#open.filter(({ row }) => !later.has(row));
    this.#open = this.#open.filter(({ row }) => later.has(row));
    this.#out = { taken, asked, at: this.#clock };
  }

  #succeed({ batch, barriers }: Taken, at: number): void {
    for (const { row, place } of unpackRows(batch.rows)) this.#disk.set(row, place);
    for (const { row, place } of batch.moves) if (this.#disk.has(row)) this.#disk.set(row, place);
    for (const row of batch.removals) this.#disk.delete(row);
    this.#reserved = Math.max(this.#reserved, batch.reserve);
    for (const settled of barriers) settled();
    const due = [...this.#barriers.keys()].filter((one) => one <= at && this.#open.every((open) => open.at > one));
    expect([...this.#settled].sort()).toEqual(due.sort());
    for (const one of due) this.#barriers.delete(one);
    this.#settled.clear();
  }

  /** There was no room: the new rows are refused, the rest is asked for again. */
  #fail(taken: Taken, asked: readonly Asked[]): void {
    const puts = new Set(taken.puts.map(({ job }) => job.row));
    for (const row of puts) this.#rows.delete(row);
    this.#open = [...asked, ...this.#open].filter(({ row }) => !puts.has(row));
    this.#changes.giveBack(taken);
  }
}

test("commits amount to what was asked, and barriers settle with the last commit of what came before them", () => {
  check(
    fc.property(fc.array(op, { maxLength: 120, size: "max" }), (steps) => {
      const run = new Run();
      for (const step of steps) run.run(step);
      run.finish();
    }),
  );
});

test("a barrier behind a job that never comes to be waits for a commit all the same", () => {
  const changes = new Changes();
  changes.put(aRecord({ row: 1 }), () => {});
  changes.barrier(() => {});
  changes.remove(1);
  expect(changes.size).toBe(0);
  expect(changes.empty).toBe(false);
  expect(changes.take().barriers).toHaveLength(1);
  expect(changes.empty).toBe(true);
});

test("a barrier is not held up by what comes after it", () => {
  const changes = new Changes();
  changes.put(aRecord({ row: 1, workload: LARGE }), () => {});
  changes.barrier(() => {});
  for (const row of [2, 3]) changes.put(aRecord({ row, workload: LARGE }), () => {});
  expect(changes.take().barriers).toHaveLength(1);
});

test("the numbers reserved last are reserved, though the commit before is given back", () => {
  const changes = new Changes();
  changes.reserve(1);
  const taken = changes.take();
  changes.reserve(2);
  changes.giveBack(taken);
  expect(changes.take().batch.reserve).toBe(2);
});

test("any number of removals can be given back", () => {
  const changes = new Changes();
  for (let row = 1; row <= 300_000; row++) changes.remove(row);
  changes.giveBack(changes.take());
  expect(changes.take().batch.removals).toHaveLength(300_000);
});
