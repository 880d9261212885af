import { describe, expect, it } from "vitest";
import { CORE_COUNTERS } from "../../src/core/counters.ts";
import { bytes, Core, limitsOf } from "../support/core-harness.ts";

const load = (size: number) => ({ workload: bytes("x".repeat(size)) });

/** So many jobs are taken and done. */
function work(core: Core, jobs: number): void {
  const worker = core.worker("f");
  for (let n = 0; n < jobs; n++) core.finish(worker, core.grab(worker));
}

describe("watermarks", () => {
  it("over the jobs watermark submits are refused, until the queue is down to 80% of it", () => {
    const core = new Core({ limits: limitsOf({ maxJobs: 10 }) });
    for (let n = 0; n < 10; n++) core.foreground();
    expect([core.submit({}), core.server.gauges.full]).toEqual(["server full", true]);
    work(core, 1);
    expect(core.submit({})).toBe("server full");
    work(core, 1);
    expect([core.server.gauges.full, core.submit({}), core.submit({})]).toEqual([
      false,
      { created: "11" },
      { created: "12" },
    ]);
    expect(core.server.counters.refused).toBe(2);
  });

  it("the last job is let in, and until one is refused nothing is full", () => {
    const core = new Core({ limits: limitsOf({ maxJobs: 2 }) });
    expect([core.submit({}), core.submit({}), core.server.gauges.full]).toEqual([
      { created: "1" },
      { created: "2" },
      false,
    ]);
  });

  it("over the bytes watermark as well", () => {
    const core = new Core({ limits: limitsOf({ maxJobBytes: 100 }) });
    for (let n = 0; n < 10; n++) core.foreground(load(10));
    expect([core.submit(load(1)), core.submit(load(0))]).toEqual(["server full", "server full"]);
    work(core, 2);
    expect(core.submit(load(1))).toEqual({ created: "11" });
  });

  it("joins are let in, workers go on", () => {
    const core = new Core({ limits: limitsOf({ maxJobs: 1 }) });
    core.foreground({ unique: "u" });
    core.submit({});
    expect([core.submit({ unique: "u" }), core.grab(core.worker("f"))]).toEqual([{ created: "1" }, "1"]);
  });

  it("one workload that is too large shuts out nobody else", () => {
    const core = new Core({ limits: limitsOf({ maxJobBytes: 100 }) });
    expect([core.submit(load(101)), core.submit(load(60))]).toEqual(["server full", { created: "1" }]);
    expect([core.submit(load(60)), core.submit(load(20))]).toEqual(["server full", { created: "2" }]);
  });

  it("a refused submit makes no function", () => {
    const core = new Core({ limits: limitsOf({ maxJobs: 1 }) });
    core.foreground();
    expect(core.submit({ function: "g" })).toBe("server full");
    expect([...core.server.functions()].map(({ name }) => name)).toEqual(["f"]);
  });
});

describe("draining", () => {
  it("refuses submits and joins, and hands out nothing", () => {
    const core = new Core();
    core.foreground({ unique: "u" });
    core.server.drain();
    expect([core.submit({}), core.submit({ unique: "u" }), core.grab(core.worker("f"), true)]).toEqual([
      "draining",
      "draining",
      "none",
    ]);
  });

  it("wakes nobody: not for jobs that come back, are stored, or stay untaken", () => {
    const core = new Core();
    const worker = core.worker("f");
    for (let n = 0; n < 2; n++) core.sleeper("f");
    core.foreground();
    core.foreground();
    core.grab(worker);
    const job = core.pending();
    expect(core.server.untilTick()).toBe(20);
    core.server.drain();
    expect([core.server.commitSucceeded(job).woken, core.server.leave(worker).woken]).toEqual([[], []]);
    expect([core.server.untilTick(), core.pass(500)]).toEqual([Number.POSITIVE_INFINITY, {}]);
    expect(core.server.preSleep(core.worker("f"))).toBe(false);
  });

  it("lets running jobs end, and time out", () => {
    const core = new Core();
    const [worker, timed] = [core.worker("f"), core.timedWorker(1000)];
    for (let n = 0; n < 2; n++) core.foreground();
    core.grab(worker);
    core.grab(timed);
    core.server.drain();
    expect([core.finish(worker, "1"), core.pass(1000)]).toEqual([{ clients: [3] }, { requeued: ["2"] }]);
  });
});

describe("gauges", () => {
  it("tell what is there", () => {
    const core = new Core();
    const worker = core.worker("f", "g");
    core.foreground(load(3));
    core.foreground({ function: "g", ...load(4) });
    core.background({ epoch: core.clock.wall() / 1000 + 9, ...load(5) });
    core.pending(load(6));
    core.grab(worker);
    core.grab(core.worker("h"), true);
    expect(core.server.gauges).toEqual({
      jobs: 4,
      jobBytes: 18,
      background: 1,
      runnable: 1,
      running: 1,
      delayed: 1,
      functions: 3,
      connections: 6,
      heldGrabs: 1,
      full: false,
    });
    expect([[...core.server.jobs()].length, [...core.server.peers()].length]).toEqual([4, 6]);
  });

  it("every counter starts at 0", () => {
    const { counters } = new Core().server;
    expect(counters).toEqual(Object.fromEntries(Object.keys(CORE_COUNTERS).map((name) => [name, 0])));
  });
});

describe("clients that wait", () => {
  it("are bounded in all: one peer may join one job again and again", () => {
    const core = new Core({ limits: limitsOf({ maxWaits: 2 }) });
    const peer = core.peer();
    core.foreground({ unique: "u" }, peer);
    expect([core.submit({ unique: "u" }, peer), core.submit({ unique: "u" }, peer)]).toEqual([
      { created: "1" },
      "server full",
    ]);
    core.server.leave(peer);
    expect([core.submit({ unique: "u" }), core.submit({ unique: "u" })]).toEqual([{ created: "2" }, { created: "2" }]);
  });
});

describe("functions of one connection", () => {
  it("are bounded", () => {
    const core = new Core({ limits: limitsOf({ maxAbilities: 2 }) });
    const peer = core.worker("a", "b");
    expect(core.server.canDo(peer, "c", 0)).toBeUndefined();
    expect(core.server.canDo(peer, "b", 2000)).toBeDefined();
    core.server.cantDo(peer, "a");
    expect(core.server.canDo(peer, "c", 0)).toBeDefined();
  });

  it("are bounded together with those of others, until one gives some up or leaves", () => {
    const core = new Core({ limits: limitsOf({ maxAbilitiesInAll: 3 }) });
    const [first, second] = [core.worker("a", "b"), core.worker("a")];
    expect([core.server.canDo(second, "b", 0), core.server.canDo(first, "c", 0)]).toEqual([undefined, undefined]);
    expect(core.server.canDo(second, "a", 2000)).toBeDefined();
    core.server.cantDo(first, "a");
    core.server.cantDo(first, "a");
    expect(core.server.canDo(second, "b", 0)).toBeDefined();
    expect(core.server.canDo(second, "c", 0)).toBeUndefined();
    core.server.leave(first);
    expect(core.server.canDo(second, "c", 0)).toBeDefined();
  });
});
