import { describe, expect, test } from "vitest";
import type { JobRecord } from "../../src/core/job.ts";
import { aSpec, Core, limitsOf } from "../support/core-harness.ts";

/** A job that a store has. */
function aRecord(handle: string, changes: Partial<JobRecord> = {}): JobRecord {
  const { background, ...spec } = aSpec({});
  return { ...spec, handle, retries: 0, row: 1, ...changes };
}

function restored(...records: readonly JobRecord[]): Core {
  const core = new Core();
  for (const record of records) core.server.restore(record);
  return core;
}

describe("a job from before the start", () => {
  test("has all it had, is stored, and is acknowledged to nobody again", () => {
    const record = aRecord("H:9", { unique: "u", reducer: "r", priority: 0, retries: 3, row: 7 });
    const core = restored(record);
    expect(core.server.jobByHandle("H:9")).toMatchObject({
      ...record,
      state: "queued",
      stored: "yes",
      clients: { size: 0 },
    });
    expect(core.server.gauges).toMatchObject({ jobs: 1, background: 1, runnable: 1, jobBytes: 4 });
    expect(core.counted()).toEqual({});
  });

  test("runs in the order it was restored in, by priority", () => {
    const core = restored(aRecord("a"), aRecord("b", { priority: 0 }), aRecord("c", { retries: 1 }), aRecord("d"));
    const worker = core.worker("f");
    expect([1, 2, 3, 4].map(() => core.grab(worker))).toEqual(["b", "a", "c", "d"]);
    core.finish(worker, "a");
    expect(core.server.gauges).toMatchObject({ jobs: 3, background: 3 });
  });

  test("waits for its epoch", () => {
    const core = new Core();
    const epoch = Math.floor(core.clock.wall() / 1000) + 5;
    core.server.restore(aRecord("later", { epoch }));
    core.server.restore(aRecord("long ago", { epoch: epoch - 10 }));
    const worker = core.worker("f");
    expect([core.grab(worker), core.grab(worker)]).toEqual(["long ago", "none"]);
    core.pass(5000);
    expect(core.grab(worker)).toBe("later");
  });

  test("coalesces with what comes, which is answered at once", () => {
    const core = restored(aRecord("a", { unique: "u" }), aRecord("b", { unique: "-" }));
    const client = core.peer();
    expect(core.submit({ unique: "u", background: true })).toEqual({ created: "a" });
    expect(core.submit({ unique: "-" }, client)).toEqual({ created: "b" });
    const worker = core.worker("f");
    core.grab(worker);
    core.grab(worker);
    expect(core.finish(worker, "b")).toEqual({ clients: [client.id] });
  });

  test("of two with one unique, the first has it", () => {
    const core = restored(aRecord("a", { unique: "u" }), aRecord("b", { unique: "u" }));
    expect(core.submit({ unique: "u", background: true })).toEqual({ created: "a" });
    expect(core.server.gauges.jobs).toBe(2);
  });

  test("counts its retries on", () => {
    const core = new Core({ jobRetries: 3 });
    core.server.restore(aRecord("a", { retries: 2 }));
    const worker = core.worker("f");
    core.grab(worker);
    expect(core.server.leave(worker).ended.map(({ reason }) => reason)).toEqual(["dead"]);
  });

  test("is taken in over every limit, and new ones are not", () => {
    const core = new Core({ limits: limitsOf({ maxJobs: 1, maxFunctions: 1 }) });
    for (const name of ["f", "g", "h"]) core.server.restore(aRecord(name, { function: name }));
    expect(core.server.gauges).toMatchObject({ jobs: 3, functions: 3 });
    expect(core.submit({ background: true })).toBe("server full");
  });
});

test("without a handle that was never given, a submit is refused, and its function is not kept for it", () => {
  const core = new Core({ nextNumber: () => undefined, limits: limitsOf({ maxIdleFunctions: 0 }) });
  expect(core.submit({})).toBe("server full");
  expect(core.submit({ background: true })).toBe("server full");
  expect(core.server.gauges).toMatchObject({ jobs: 0, functions: 0 });
  expect(core.counted()).toEqual({ refused: 2 });
});
