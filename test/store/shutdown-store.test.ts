import { expect, it } from "vitest";
import type { JobRecord } from "../../src/core/job.ts";
import { DurableStore } from "../../src/store/durable-store.ts";
import { ShutdownStore } from "../../src/store/shutdown-store.ts";
import { inlineThread } from "../support/inline-thread.ts";
import { Bench } from "./gearmand-bench.ts";
import { aRecord, IO_ERROR, StubThread } from "./support.ts";

const open = async (bench: Bench): Promise<{ store: ShutdownStore; jobs: JobRecord[] }> => {
  const jobs: JobRecord[] = [];
  const store = new ShutdownStore(bench.make());
  await store.recover((some) => jobs.push(...some));
  return { store, jobs };
};

const put = (store: ShutdownStore, unique: string): JobRecord => {
  const job = aRecord({ unique, handle: `H:${store.nextNumber()}` });
  const said: unknown[] = [];
  store.put(job, (error) => said.push(error));
  expect(said).toEqual([undefined]);
  return job;
};

it("has the jobs of the table in memory, and writes those that are left when it closes", async () => {
  await using bench = new Bench();
  await bench.open();
  for (const unique of ["a", "b", "c", "d"]) await bench.put({ unique });
  await bench.store.close();
  bench.copy();

  const first = await open(bench);
  expect(first.store.durability).toBe("shutdown");
  expect(first.jobs.map(({ unique }) => unique)).toEqual(["a", "b", "c", "d"]);
  bench.copy();
  const [a, b, c] = first.jobs as [JobRecord, JobRecord, JobRecord, JobRecord];
  put(first.store, "e");
  a.retries = 1;
  first.store.retried(a);
  first.store.remove(b);
  first.store.bury(c);
  let passed = false;
  first.store.barrier(() => {
    passed = true;
  });
  expect(passed).toBe(true);
  expect(first.store.stats).toMatchObject({ dead: 1, recovered: 4 });
  await first.store.flush();
  expect(bench.sql("SELECT * FROM gearman_queue")).toEqual([]);
});

it("writes them in their order, with what is dead", async () => {
  await using bench = new Bench();
  const first = await open(bench);
  const [a, b] = [put(first.store, "a"), put(first.store, "b")];
  put(first.store, "c");
  a.retries = 1;
  first.store.retried(a);
  b.retries = 2;
  first.store.bury(b);
  await first.store.close();
  bench.copy();
  const second = await open(bench);
  expect(second.jobs.map(({ unique, handle, retries }) => [unique, handle, retries])).toEqual([
    ["c", "H:3", 0],
    ["a", "H:1", 1],
  ]);
  expect(second.store.stats.dead).toBe(1);
  expect(second.store.nextNumber()).toBe(1_000_001);
  await second.store.close();
});

const onStub = (): { store: ShutdownStore; thread: StubThread } => {
  const thread = new StubThread();
  const place = { kind: "table", path: "/f", table: "t", handlePrefix: "H" } as const;
  return { thread, store: new ShutdownStore(new DurableStore(place, "full", () => thread)) };
};

it("says that jobs are lost when it could not write them", async () => {
  const { store, thread } = onStub();
  await store.recover(() => {});
  put(store, "a");
  const closing = store.close();
  await expect.poll(() => thread.batch).toBeDefined();
  thread.committed({ refused: "all" });
  await closing;
  expect(await store.failed).toMatchObject({
    kind: "fatal",
    message: "jobs that could not be stored at the stop, and are lost: 1",
  });
});

it("fails with the store below", async () => {
  const { store, thread } = onStub();
  await store.recover(() => {});
  thread.emit("error", IO_ERROR);
  expect(await store.failed).toMatchObject({ kind: "fatal" });
});

it("closes after a recovery that failed", async () => {
  const store = new ShutdownStore(new DurableStore({ kind: "directory", path: "/dev/null" }, "full", inlineThread));
  const recovering = store.recover(() => {});
  const closed = store.close();
  await expect(recovering).rejects.toMatchObject({ kind: "open" });
  await closed;
});
