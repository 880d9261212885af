import { expect, test } from "vitest";
import { FunctionQueue } from "../../src/core/function-queue.ts";
import { Job } from "../../src/core/job.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";

test("keeps nothing, says so, and has committed before put returns", async () => {
  const store = new MemoryStore();
  const spec = {
    function: "f",
    unique: "",
    workload: Buffer.alloc(0),
    priority: 1,
    background: true,
    reducer: "",
    epoch: 0,
  } as const;
  const job = new Job("H:1", new FunctionQueue("f"), spec, undefined);
  const settled: unknown[] = [];
  store.put(job, (error) => settled.push(error));
  expect(settled).toEqual([undefined]);
  store.barrier(() => settled.push("barrier"));
  expect(settled).toEqual([undefined, "barrier"]);
  expect([await store.recover(), store.nextNumber(), store.nextNumber()]).toEqual([[], 1, 2]);
  store.retried();
  store.remove();
  store.bury();
  await store.flush();
  await store.close();
  expect(store.durability).toBe("memory");
});
