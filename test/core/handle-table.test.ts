import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FunctionQueue } from "../../src/core/function-queue.ts";
import { HandleTable } from "../../src/core/handle-table.ts";
import { Job } from "../../src/core/job.ts";
import { aSpec } from "../support/core-harness.ts";

const queue = new FunctionQueue("f", "some-host:");
const other = new FunctionQueue("f", "H:");
const aJob = (table: HandleTable, handle: string): Job =>
  new Job(table.idOf(handle), handle.startsWith("some-host") ? queue : other, aSpec({}), undefined);

describe("HandleTable", () => {
  it("tells handles apart that mean the same number, or none", () => {
    const handles = [
      "H:1",
      "H:01",
      "H:",
      "H:0",
      "H:1 ",
      "H:1e1",
      "H:10",
      "G:1",
      "1",
      "",
      "H:/",
      "H::",
      "H:9007199254740993",
    ];
    const table = new HandleTable("H:");
    const jobs = handles.map((handle) => aJob(table, handle));
    for (const job of jobs) table.add(job);
    expect(handles.map((handle) => table.get(handle))).toEqual(jobs);
    expect([table.get("H:11"), table.get("H:2"), table.get("h:1"), table.size]).toEqual([
      undefined,
      undefined,
      undefined,
      13,
    ]);
    expect([...table].slice(-2).map(({ handle }) => handle)).toEqual(["H:1", "H:10"]);
  });

  it("is as a map of handles, in the order of their numbers", () => {
    const number = fc.oneof(
      fc.nat(200),
      fc.nat(2 ** 31),
      fc.maxSafeNat().map((each) => each % (10 ** 15 - 1)),
    );
    const handle = number.map((each) => `some-host:${each + 1}`);
    const step = fc.record({ handle: fc.oneof(handle, fc.constantFrom("other:1", "other:2")), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const table = new HandleTable("some-host:");
        const map = new Map<string, Job>();
        const act = {
          add: (job: Job) => map.set(job.handle, job) && table.add(job),
          remove: (job: Job) => map.delete(job.handle) && table.remove(job),
        };
        for (const { handle: named, remove } of steps) {
          const known = map.get(named);
          expect(table.get(named)).toBe(known);
          if (known === undefined) act.add(aJob(table, named));
          else if (remove) act.remove(known);
        }
        const numberOf = ({ handle: named }: Job): number =>
          Number(named.startsWith("other") ? 0 : named.split(":")[1]);
        expect([...table]).toEqual([...map.values()].sort((a, b) => numberOf(a) - numberOf(b)));
        expect(table.size).toBe(map.size);
      }),
    );
  });
});
