import { describe, expect, it } from "vitest";
import { Core } from "../support/core-harness.ts";

describe("what a worker sends of its job", () => {
  it("progress is kept as sent", () => {
    const core = new Core();
    const worker = core.worker("f");
    const job = core.foreground();
    core.grab(worker);
    expect(core.server.progress(worker, "1", "07", "abc")).toBe(job);
    expect([job.numerator, job.denominator]).toEqual(["07", "abc"]);
    expect([core.server.jobOf(worker, "1"), core.server.jobOf(worker, "2")]).toEqual([job, undefined]);
  });

  it("of another's job, or one that waits, is refused and changes nothing", () => {
    const core = new Core();
    const [worker, other] = [core.worker("f"), core.worker("f")];
    const job = core.foreground();
    core.foreground();
    core.grab(worker);
    for (const [peer, handle] of [
      [other, "1"],
      [worker, "2"],
      [worker, "3"],
    ] as const) {
      expect([core.server.jobOf(peer, handle), core.server.progress(peer, handle, "1", "2")]).toEqual([
        undefined,
        undefined,
      ]);
      expect(core.finish(peer, handle)).toEqual({ unknown: true });
    }
    expect([job.numerator, job.state, core.server.gauges.jobs]).toEqual(["0", "running", 2]);
  });

  it("each way to end is counted", () => {
    const core = new Core();
    const worker = core.worker("f");
    for (const how of ["completed", "failed", "exceptions", "completed"] as const) {
      const { handle } = core.foreground();
      core.grab(worker);
      expect(core.finish(worker, handle, how)).toMatchObject({ clients: [expect.any(Number)] });
    }
    expect(core.counted()).toEqual({ submitted: 4, assigned: 4, completed: 2, failed: 1, exceptions: 1 });
  });

  it("a worker may run several jobs and end them in any order", () => {
    const core = new Core();
    const worker = core.worker("f");
    for (let n = 0; n < 3; n++) core.foreground();
    expect([core.grab(worker), core.grab(worker)]).toEqual(["1", "2"]);
    expect([core.finish(worker, "2"), core.finish(worker, "1"), core.grab(worker)]).toEqual([
      { clients: [3] },
      { clients: [2] },
      "3",
    ]);
  });
});
