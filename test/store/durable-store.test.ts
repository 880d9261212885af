import { EventEmitter } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import type { JobRecord } from "../../src/core/job.ts";
import { DurableStore } from "../../src/store/durable-store.ts";
import type { Answer } from "../../src/store/messages.ts";
import { packJobs, unpackRows } from "../../src/store/rows.ts";
import { StorageThread } from "../../src/store/storage-thread.ts";
import { aRecord, OPENED, StubThread } from "./support.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A store whose thread answers when it is told to, and what it said of each job. */
class Bench {
  readonly thread = new StubThread();
  /** What was said of the room on the disk. */
  readonly room: boolean[] = [];
  readonly store = new DurableStore(
    { kind: "directory", path: "/nowhere" },
    "full",
    () => this.thread,
    (space) => this.room.push(space),
  );
  readonly said: string[] = [];
  #handles = 0;

  async open(): Promise<this> {
    await this.store.recover(() => {});
    return this;
  }

  put(changes: Partial<JobRecord> = {}): JobRecord {
    const handle = `H:${++this.#handles}`;
    const job = aRecord({ handle, ...changes });
    this.store.put(job, (error) => this.said.push(`${handle} ${error?.kind ?? "stored"}`));
    return job;
  }

  barrier(name: string): void {
    this.store.barrier(() => this.said.push(name));
  }

  /** Puts a job whose commit is then in flight. */
  async inFlight(): Promise<JobRecord> {
    const job = this.put();
    await turn();
    return job;
  }

  /** The commit in flight is answered. */
  async committed(changes: Parameters<StubThread["committed"]>[0] = {}): Promise<void> {
    this.thread.committed(changes);
    await turn();
  }

  get rows(): number[] {
    return unpackRows(this.thread.batch?.rows ?? new Uint8Array()).map(({ row }) => row);
  }
}

const NO_ROOM = { refused: "all", changed: false, space: false } as const;

test("what is asked in a turn is one commit; one is in flight, and the next one gathers", async () => {
  const bench = await new Bench().open();
  const [one, two] = [bench.put(), bench.put()];
  bench.store.remove(aRecord({ row: 99 }));
  expect(bench.thread.batch).toBe(undefined);
  await turn();
  expect(bench.rows).toEqual([1, 2]);
  expect(bench.thread.batch?.removals).toEqual([99]);
  bench.put();
  bench.store.retried(one);
  bench.store.bury(two);
  await turn();
  expect(bench.thread.questions).toHaveLength(1);
  expect(bench.store.stats).toMatchObject({ waiting: 5, commits: 0, dead: 1 });
  await bench.committed();
  expect(bench.said).toEqual(["H:1 stored", "H:2 stored"]);
  expect(bench.rows).toEqual([3]);
  expect(bench.thread.batch?.moves).toEqual([
    { row: 1, place: 4, retries: 0, dead: false },
    { row: 2, place: 5, retries: 0, dead: true },
  ]);
  await bench.committed();
  expect(bench.said).toEqual(["H:1 stored", "H:2 stored", "H:3 stored"]);
  expect(bench.store.stats).toMatchObject({ waiting: 0, commits: 2 });
});

test("a job that ends before its commit need not be stored any more", async () => {
  const bench = await new Bench().open();
  const job = bench.put();
  bench.store.remove(job);
  expect(bench.said).toEqual(["H:1 stored"]);
  await bench.store.flush();
  expect(bench.thread.questions).toEqual([]);
});

test("rows that cannot be stored are refused alone", async () => {
  const bench = await new Bench().open();
  bench.put();
  bench.put();
  await turn();
  await bench.committed({ refused: [1] });
  expect(bench.said).toEqual(["H:1 row", "H:2 stored"]);
  expect(bench.store.stats).toMatchObject({ refused: 1, noSpace: 0 });
});

test("no room for new jobs: they are refused at once, the rest is stored on, and every second it is asked again", async () => {
  const bench = await new Bench().open();
  await bench.inFlight();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await bench.committed({ refused: "all", space: false });
  expect(bench.said).toEqual(["H:1 space"]);
  bench.put();
  expect(bench.said).toEqual(["H:1 space", "H:2 space"]);
  expect(bench.store.stats).toMatchObject({ refused: 2, noSpace: 1 });
  bench.store.remove(aRecord({ row: 7 }));
  await turn();
  expect(bench.thread.batch?.removals).toEqual([7]);
  // While it is out, the second passes.
  vi.advanceTimersByTime(1000);
  await bench.committed({ space: false });
  expect(bench.thread.questions).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(bench.thread.batch).toMatchObject({ moves: [], removals: [] });
  await bench.committed();
  expect(bench.store.stats.noSpace).toBe(0);
  bench.put();
  await turn();
  expect(bench.rows).toEqual([2]);
});

test("that there is no room is said once, and that there is some again", async () => {
  const bench = await new Bench().open();
  for (const space of [true, false, false, true, true]) {
    bench.store.remove(aRecord({ row: 99 }));
    await turn();
    await bench.committed({ space });
  }
  expect(bench.room).toEqual([false, true]);
  const full = new Bench();
  full.thread.opening = { ...OPENED, space: false };
  await full.open();
  expect(full.room).toEqual([false]);
  await turn();
  await full.store.close();
});

test.each([{ refused: [1] }, { refused: "all" }, NO_ROOM] as const)(
  "a job that died before its commit, and was not stored then, is not counted: %j",
  async (answer) => {
    const bench = await new Bench().open();
    const job = await bench.inFlight();
    bench.store.bury(job);
    expect(bench.store.stats.dead).toBe(1);
    await bench.committed(answer);
    expect(bench.said).not.toEqual(["H:1 stored"]);
    expect(bench.store.stats.dead).toBe(0);
  },
);

test("while there is no room for new jobs, what gathered meanwhile is stored without delay, at the end too", async () => {
  const bench = await new Bench().open();
  await bench.inFlight();
  bench.store.remove(aRecord({ row: 7 }));
  const flushed = bench.store.flush().then(() => bench.said.push("flushed"));
  await bench.committed({ refused: "all", space: false });
  expect(bench.thread.batch?.removals).toEqual([7]);
  await bench.committed({ space: false });
  await flushed;
  expect(bench.said).toEqual(["H:1 space", "flushed"]);
  await bench.store.close();
});

test("no room for anything: puts that wait are refused at once, and the rest waits until it is asked again", async () => {
  const bench = await new Bench().open();
  await bench.inFlight();
  bench.put();
  bench.store.remove(aRecord({ row: 7 }));
  bench.barrier("barrier");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await bench.committed(NO_ROOM);
  expect(bench.said).toEqual(["H:1 space", "H:2 space"]);
  expect(bench.thread.questions).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(bench.thread.batch?.removals).toEqual([7]);
  await bench.committed(NO_ROOM);
  await bench.store.flush();
  expect(bench.said).toEqual(["H:1 space", "H:2 space"]);
  vi.advanceTimersByTime(1000);
  await bench.committed();
  expect(bench.said).toEqual(["H:1 space", "H:2 space", "barrier"]);
});

test("a barrier settles at once when nothing is to be stored", async () => {
  const bench = await new Bench().open();
  bench.barrier("barrier");
  expect(bench.said).toEqual(["barrier"]);
});

test("a barrier settles with the commit of what came before it, not of what came after", async () => {
  const bench = await new Bench().open();
  await bench.inFlight();
  bench.barrier("first");
  bench.put();
  bench.barrier("second");
  await bench.committed();
  expect(bench.said).toEqual(["H:1 stored", "first"]);
  bench.put();
  await bench.committed();
  expect(bench.said).toEqual(["H:1 stored", "first", "H:2 stored", "second"]);
  await bench.committed();
});

test("a barrier behind a job that ended before its commit settles", async () => {
  const bench = await new Bench().open();
  const job = bench.put();
  bench.barrier("barrier");
  bench.store.remove(job);
  expect(bench.said).toEqual(["H:1 stored"]);
  await turn();
  await bench.committed();
  expect(bench.said).toEqual(["H:1 stored", "barrier"]);
});

test("a barrier behind removals that found no room settles when they are stored", async () => {
  const bench = await new Bench().open();
  bench.store.remove(aRecord({ row: 7 }));
  await turn();
  bench.barrier("barrier");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await bench.committed(NO_ROOM);
  expect(bench.said).toEqual([]);
  vi.advanceTimersByTime(1000);
  await bench.committed();
  expect(bench.said).toEqual(["barrier"]);
});

test("numbers go on from those reserved, and more are reserved with the next commit", async () => {
  const bench = new Bench();
  expect(bench.store.nextNumber()).toBe(undefined);
  bench.thread.opening = {
    tell: "opened",
    lastRow: 41,
    numbers: { first: 1_000_000, last: 2_000_000 },
    dead: 3,
    damaged: ["row 7"],
    space: false,
  };
  expect(await bench.store.recover(() => {})).toEqual(["row 7"]);
  expect(bench.store.stats).toMatchObject({ dead: 3, damaged: 1, noSpace: 1 });
  expect(bench.store.nextNumber()).toBe(1_000_001);
  for (let number = 1_000_002; number <= 2_000_000; number++) bench.store.nextNumber();
  expect(bench.store.nextNumber()).toBe(undefined);
  await turn();
  expect(bench.thread.batch?.reserve).toBe(3_000_000);
  await bench.committed({ changed: true });
  expect(bench.store.nextNumber()).toBe(2_000_001);
  expect(bench.put().row).toBe(42);
});

test("rows are handed over as they come, and counted", async () => {
  const bench = new Bench();
  bench.thread.opening = undefined;
  const restored: JobRecord[] = [];
  const recovered = bench.store.recover((jobs) => restored.push(...jobs));
  const jobs = [aRecord({ row: 3, retries: 2 }), aRecord({ row: 5, unique: "u" })];
  for (const job of jobs) bench.thread.emit("message", { tell: "rows", rows: packJobs([job]) });
  bench.thread.answer({
    tell: "opened",
    lastRow: 5,
    numbers: { first: 0, last: 1 },
    dead: 0,
    damaged: [],
    space: true,
  });
  await recovered;
  expect(restored).toEqual(jobs);
  expect(bench.store.stats.recovered).toBe(2);
});

test("a job that cannot be read: the store does not open, and says what to do", async () => {
  const bench = new Bench();
  bench.thread.opening = undefined;
  const recovered = bench.store.recover(() => {});
  const rows = packJobs([aRecord({ row: 1 })]);
  rows[24] = 9;
  bench.thread.emit("message", { tell: "rows", rows });
  await expect(recovered).rejects.toMatchObject({
    kind: "open",
    message:
      "a job in /nowhere cannot be read (RangeError: a record of version 9); it may be from a newer gearmand-ts: use that one, or another directory",
  });
  expect(bench.thread.terminated).toBe(true);
});

test("rows that nobody has asked for are nobody's", () => {
  const bench = new Bench();
  new StorageThread(bench.thread, (error) => bench.said.push(error.message));
  bench.thread.emit("message", { tell: "rows", rows: packJobs([aRecord()]) });
  expect(bench.said).toEqual([]);
});

const FAILURES: readonly [string, (thread: StubThread) => void, string][] = [
  [
    "says so",
    (thread) => thread.answer({ tell: "failed", kind: "fatal", message: "disk I/O error" }),
    "disk I/O error",
  ],
  ["throws", (thread) => thread.emit("error", new Error("oops")), "the storage thread failed: oops"],
  ["exits", (thread) => thread.emit("exit"), "the storage thread has ended"],
  ["is gone", (thread) => thread.emit("close"), "the storage thread has ended"],
];

test.each(FAILURES)(
  "a thread that %s: nothing settles any more, and the end does not wait for it",
  async (_how, fail, message) => {
    const bench = await new Bench().open();
    await bench.inFlight();
    bench.barrier("barrier");
    const flushed = expect(bench.store.flush()).rejects.toMatchObject({ kind: "fatal", message });
    fail(bench.thread);
    fail(bench.thread);
    expect(await bench.store.failed).toMatchObject({ name: "StoreError", kind: "fatal", message });
    await flushed;
    bench.put();
    bench.barrier("barrier");
    await turn();
    await expect(bench.store.close()).rejects.toMatchObject({ kind: "fatal", message });
    expect(bench.thread.referenced).toBe(false);
    expect(bench.said).toEqual([]);
  },
);

test("a thread that fails with nothing in flight: no barrier settles any more", async () => {
  const bench = await new Bench().open();
  bench.thread.emit("exit");
  bench.barrier("barrier");
  expect(bench.said).toEqual([]);
});

test("a thread that fails to open: its error, and no failure of the store", async () => {
  const bench = new Bench();
  const failed: Answer = { tell: "failed", kind: "open", message: "another server uses it" };
  bench.thread.opening = failed;
  await expect(bench.open()).rejects.toMatchObject({ kind: "open", message: "another server uses it" });
  expect(bench.thread.terminated).toBe(true);
  bench.thread.emit("exit");
  await bench.store.close();
  expect(await Promise.race([bench.store.failed, "open"])).toBe("open");
});

test("a store that is closed while it opens is closed when it is open", async () => {
  const bench = new Bench();
  bench.thread.opening = undefined;
  const recovered = bench.store.recover(() => {});
  const closed = bench.store.close();
  await turn();
  bench.thread.answer({
    tell: "opened",
    lastRow: 0,
    numbers: { first: 0, last: 1 },
    dead: 0,
    damaged: [],
    space: true,
  });
  await Promise.all([recovered, closed]);
  expect(await Promise.race([bench.store.failed, "closed"])).toBe("closed");
});

test("a store that was never opened can be closed", async () => {
  await new Bench().store.close();
});

test("without a built thread beside it, the store does not open", async () => {
  const store = new DurableStore({ kind: "directory", path: "/nowhere" }, "full");
  await expect(store.recover(() => {})).rejects.toMatchObject({ message: /^the storage thread failed: / });
});

test("a storage thread is asked one thing at a time", async () => {
  const silent = Object.assign(new EventEmitter(), { postMessage: () => {}, unref: () => {} });
  const thread = new StorageThread(silent, () => {});
  void thread.close();
  await expect(thread.close()).rejects.toThrow("two things at once");
});
