import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FunctionQueue } from "../../src/core/function-queue.ts";
import { Job } from "../../src/core/job.ts";
import { JobTable, keyOfDigest, keyOfUnique } from "../../src/core/job-table.ts";
import { aSpec, bytes } from "../support/core-harness.ts";

const queue = new FunctionQueue("f");
const aJob = (handle: string, unique = "", key?: string, load = ""): Job =>
  new Job(handle, queue, aSpec({ unique, workload: bytes(load) }), key);

function tableOf(...jobs: Job[]): JobTable {
  const table = new JobTable("H:");
  for (const job of jobs) table.add(job);
  return table;
}

describe("JobTable", () => {
  it("finds jobs by handle, until they are taken out", () => {
    const [a, b] = [aJob("a"), aJob("b")];
    const table = tableOf(a, b);
    expect([table.byHandle("a"), table.byHandle("b"), table.byHandle("c"), table.size]).toEqual([a, b, undefined, 2]);
    table.remove(a);
    expect([table.byHandle("a"), [...table.values()], table.size]).toEqual([undefined, [b], 1]);
  });

  it("counts the bytes of workloads", () => {
    const [a, b] = [aJob("a", "", undefined, "12345"), aJob("b", "", undefined, "123")];
    const table = tableOf(a, b);
    expect(table.bytes).toBe(8);
    table.remove(a);
    expect(table.bytes).toBe(3);
  });

  it("finds a job by what it coalesces under", () => {
    const a = aJob("a", "u", "key");
    const table = tableOf(a);
    expect(queue.byKey.get("key")).toBe(a);
    table.remove(a);
    expect([queue.byKey.get("key"), a.key]).toEqual([undefined, undefined]);
  });

  it("a freed key belongs to the next job, and its former owner does not take it along", () => {
    const [a, b] = [aJob("a", "u", "key"), aJob("b", "u", "key")];
    const table = tableOf(a);
    table.freeKey(a);
    table.freeKey(a);
    expect(queue.byKey.get("key")).toBeUndefined();
    table.add(b);
    table.remove(a);
    expect(queue.byKey.get("key")).toBe(b);
  });

  it("the newest job with a unique answers for it, in whatever order they go", () => {
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const jobs = [aJob("a", "u"), aJob("b", "u"), aJob("c", "u")];
      const table = tableOf(...jobs);
      for (const index of order) {
        const newest = [...table.values()].at(-1);
        expect(table.newestByUnique("u")).toBe(newest);
        for (const job of jobs.slice(index, index + 1)) table.remove(job);
      }
      expect(table.newestByUnique("u")).toBeUndefined();
    }
  });

  it("no job is found by the empty unique, nor by `-`", () => {
    for (const unique of ["", "-"]) {
      const a = aJob("a", unique);
      const table = tableOf(a);
      expect(table.newestByUnique(unique)).toBeUndefined();
      table.remove(a);
      expect(table.size).toBe(0);
    }
  });
});

describe("keys", () => {
  const text = fc.oneof(
    fc.stringMatching(/^[uw0-9a]{0,24}$/),
    fc.constantFrom("5", "u5", "uu5", "w", "u", "12345678901234567890123", "u12345678901234567890123"),
  );

  it("of two uniques are two, and none is that of a digest", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(keyOfUnique(a) === keyOfUnique(b)).toBe(a === b);
        expect(keyOfUnique(a)).not.toBe(keyOfDigest(b));
      }),
    );
  });

  it("are no integers, and long uniques are themselves", () => {
    fc.assert(
      fc.property(fc.nat().map(String), (unique) => {
        expect(keyOfUnique(unique)).not.toMatch(/^\d+$/);
      }),
    );
    const unique = "5bd7ad24-0000-4000-8000-000000000001";
    expect(keyOfUnique(unique)).toBe(unique);
  });
});
