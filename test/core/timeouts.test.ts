import { describe, expect, it } from "vitest";
import { Priority } from "../../src/core/types.ts";
import { Core } from "../support/core-harness.ts";

describe("CAN_DO_TIMEOUT", () => {
  it("is in milliseconds, and raised to a second", () => {
    for (const [timeout, ends] of [
      [1, 1000],
      [999, 1000],
      [1000, 1000],
      [1001, 1001],
      [5000, 5000],
    ] as const) {
      const core = new Core();
      const worker = core.timedWorker(timeout);
      core.foreground();
      core.grab(worker);
      expect([core.server.untilTick(), core.pass(ends - 1), core.pass(1)]).toEqual([ends, {}, { requeued: ["1"] }]);
    }
  });

  it("of 0 or less is none", () => {
    for (const timeout of [0, -1]) {
      const core = new Core();
      const worker = core.timedWorker(timeout);
      core.foreground();
      core.grab(worker);
      expect([core.server.untilTick(), core.pass(1e9)]).toEqual([Number.POSITIVE_INFINITY, {}]);
    }
  });

  it("counts from the grab, for the jobs grabbed after it was set", () => {
    const core = new Core();
    const worker = core.timedWorker(1000);
    for (let n = 0; n < 3; n++) core.foreground();
    core.grab(worker);
    core.server.canDo(worker, "f", 2000);
    core.clock.advance(500);
    core.grab(worker);
    core.server.canDo(worker, "f", 0);
    core.grab(worker);
    expect([core.pass(500), core.pass(1499), core.pass(1)]).toEqual([{ requeued: ["1"] }, {}, { requeued: ["2"] }]);
    expect(core.server.untilTick()).toBe(Number.POSITIVE_INFINITY);
  });

  it("is of one function only", () => {
    const core = new Core();
    const worker = core.timedWorker(1000);
    core.server.canDo(worker, "g", 0);
    core.foreground({ function: "g" });
    core.grab(worker);
    expect(core.server.untilTick()).toBe(Number.POSITIVE_INFINITY);
  });

  it("is not moved by a change of wall time", () => {
    const core = new Core();
    const worker = core.timedWorker(1000);
    core.foreground();
    core.grab(worker);
    core.clock.jump(86_400_000);
    expect(core.tick()).toEqual({});
    core.clock.jump(-2 * 86_400_000);
    expect(core.pass(1000)).toEqual({ requeued: ["1"] });
  });
});

describe("a job that times out", () => {
  /** Job 1 at a worker that may run it for a second. */
  function timed(changes: ConstructorParameters<typeof Core>[0] = {}) {
    const core = new Core(changes);
    const worker = core.timedWorker(1000);
    const job = core.foreground();
    core.grab(worker);
    return { core, worker, job };
  }

  it("goes back to the queue, one delivery older and without progress; its clients are not told", () => {
    const { core, worker, job } = timed();
    core.server.progress(worker, "1", "1", "2");
    expect(core.pass(1000)).toEqual({ requeued: ["1"] });
    expect(job).toMatchObject({ state: "queued", retries: 1, numerator: "0", denominator: "0", worker: undefined });
    expect(core.counted()).toEqual({ submitted: 1, assigned: 1, requeued: 1, timedOut: 1 });
  });

  it("wakes a sleeper for it", () => {
    const { core } = timed();
    const sleeper = core.sleeper("f");
    expect(core.pass(1000)).toEqual({ requeued: ["1"], woken: [sleeper.id] });
  });

  it("its late result is unknown", () => {
    const { core, worker } = timed();
    core.pass(1000);
    expect(core.finish(worker, "1")).toEqual({ unknown: true });
  });

  it("is not given to that worker again while another could have it", () => {
    const { core, worker } = timed();
    const other = core.worker("f");
    core.pass(1000);
    expect([core.grab(worker), core.server.preSleep(worker), core.grab(other)]).toEqual(["none", false, "1"]);
  });

  it("does not wake that worker while another could have it", () => {
    const { core, worker } = timed();
    core.worker("f");
    core.server.preSleep(worker);
    expect([core.pass(1000), core.pass(200), core.server.untilTick()]).toEqual([
      { requeued: ["1"] },
      {},
      Number.POSITIVE_INFINITY,
    ]);
    expect(core.submit({})).toEqual({ created: "2", woken: [worker.id] });
    expect([core.grab(worker), core.grab(worker)]).toEqual(["2", "none"]);
  });

  it("is given to that worker again when it is the only one", () => {
    const { core, worker } = timed();
    core.pass(1000);
    expect([core.server.preSleep(worker), core.grab(worker)]).toEqual([true, "1"]);
  });

  it("wakes that worker when the other leaves", () => {
    const { core, worker } = timed();
    const other = core.worker("f");
    core.pass(1000);
    core.server.preSleep(worker);
    expect(core.server.leave(other).woken).toEqual([worker]);
  });

  it("may be given to that worker again once its late result has come", () => {
    const { core, worker } = timed();
    core.worker("f");
    core.pass(1000);
    core.server.preSleep(worker);
    expect(core.finish(worker, "1", "failed")).toEqual({ unknown: true, woken: [worker.id] });
    expect(core.grab(worker)).toBe("1");
  });

  it("is dropped when nobody wants it any more", () => {
    const { core, job } = timed();
    for (const { peer } of [...job.clients]) core.server.leave(peer);
    expect([job.state, core.pass(1000), job.state]).toEqual(["running", {}, "gone"]);
    expect(core.counted()).toEqual({ submitted: 1, assigned: 1, timedOut: 1, abandoned: 1 });
  });

  it("is dead when its retries are spent", () => {
    const { core } = timed({ jobRetries: 1 });
    expect(core.pass(1000)).toEqual({ ended: ["1 dead [2]"] });
  });
});

describe("epoch jobs", () => {
  const at = (core: Core, seconds: number) => ({ epoch: core.clock.wall() / 1000 + seconds });

  it("wait for their second, and then are the last of the queue", () => {
    const core = new Core();
    const worker = core.worker("f");
    core.background(at(core, 3));
    core.clock.advance(2999);
    core.foreground();
    expect([core.server.gauges.delayed, core.tick(), core.pass(1)]).toEqual([1, {}, {}]);
    expect([core.grab(worker), core.grab(worker)]).toEqual(["2", "1"]);
  });

  it("of one second run in the order they were stored in", () => {
    const core = new Core();
    const worker = core.worker("f");
    const jobs = Array.from({ length: 9 }, () => core.background(at(core, 1)).handle);
    core.pass(1000);
    expect(jobs.map(() => core.grab(worker))).toEqual(jobs);
  });

  it("wake a worker when they are due, not before", () => {
    const core = new Core();
    const worker = core.sleeper("f");
    core.background(at(core, 1));
    expect([core.grab(worker), core.server.preSleep(worker)]).toEqual(["none", false]);
    expect(core.pass(1000)).toEqual({ woken: [worker.id] });
  });

  it("count as waiting at NORMAL before and after they are due", () => {
    const core = new Core();
    core.background(at(core, 1));
    const counts = () =>
      [...core.server.functions()].map((fn) => [fn.waiting(Priority.normal), fn.delayed, fn.runnable]);
    expect(counts()).toEqual([[1, 1, 0]]);
    core.pass(1000);
    expect(counts()).toEqual([[1, 0, 1]]);
  });

  it("of now or the past run at once", () => {
    const core = new Core();
    expect([core.background(at(core, 0)).state, core.background(at(core, -5)).state]).toEqual(["queued", "queued"]);
  });

  it("follow the wall clock, which is looked at every second", () => {
    const core = new Core();
    core.background(at(core, 3600));
    expect([core.server.untilTick(), core.tick()]).toEqual([1000, {}]);
    core.clock.jump(-3600_000);
    core.pass(3600_000);
    expect(core.server.gauges).toMatchObject({ delayed: 1, runnable: 0 });
    core.clock.jump(3600_000);
    expect(core.server.untilTick()).toBe(0);
    core.tick();
    expect(core.server.gauges).toMatchObject({ delayed: 0, runnable: 1 });
  });

  it("are looked at when they are due, if that is soon", () => {
    const core = new Core();
    core.background(at(core, 0.4));
    expect(core.server.untilTick()).toBeCloseTo(400, 0);
  });

  it("run at once after their worker was lost, though the clock was set back", () => {
    const core = new Core();
    const worker = core.worker("f");
    const job = core.background(at(core, 1));
    core.pass(1000);
    core.grab(worker);
    core.clock.jump(-3600_000);
    core.server.leave(worker);
    expect(job.state).toBe("queued");
  });
});
