import { describe, expect, it } from "vitest";
import { Core, told } from "../support/core-harness.ts";

describe("a client that leaves", () => {
  it("takes its foreground job with it, if that waits", () => {
    const core = new Core();
    const client = core.peer();
    core.foreground({}, client);
    core.foreground({}, client);
    expect(told(core.server.leave(client))).toEqual({ ended: ["1 abandoned []", "2 abandoned []"] });
    expect([core.server.gauges.jobs, core.server.gauges.runnable, core.counted()]).toEqual([
      0,
      0,
      { submitted: 2, abandoned: 2 },
    ]);
  });

  it("leaves it to the others that wait for it", () => {
    const core = new Core();
    const [client, worker] = [core.peer(), core.worker("f")];
    for (let n = 0; n < 2; n++) core.foreground({ unique: "u" }, client);
    core.foreground({ unique: "u" });
    expect([told(core.server.leave(client)), core.grab(worker)]).toEqual([{}, "1"]);
    expect(core.finish(worker, "1")).toEqual({ clients: [3] });
  });

  it("a job that runs goes on, and its result is for nobody", () => {
    const core = new Core();
    const [client, worker] = [core.peer(), core.worker("f")];
    core.foreground({}, client);
    core.grab(worker);
    expect([told(core.server.leave(client)), core.finish(worker, "1")]).toEqual([{}, { clients: [] }]);
  });

  it("a job that runs for nobody is not run again", () => {
    const core = new Core();
    const [client, worker] = [core.peer(), core.worker("f")];
    core.foreground({}, client);
    core.grab(worker);
    core.server.leave(client);
    expect(told(core.server.leave(worker))).toEqual({});
    expect([core.server.gauges.jobs, core.counted()]).toEqual([0, { submitted: 1, assigned: 1, abandoned: 1 }]);
  });

  it("and a delayed job that was promoted in vain goes with it", () => {
    const core = new Core();
    const client = core.peer();
    const job = core.pending({ unique: "u", epoch: core.clock.wall() / 1000 + 9 });
    core.foreground({ unique: "u" }, client);
    core.server.commitFailed(job, "not stored");
    expect([job.state, told(core.server.leave(client))]).toEqual(["delayed", { ended: ["1 abandoned []"] }]);
    expect([core.server.gauges.delayed, core.server.untilTick()]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it("is no client of the jobs that are done", () => {
    const core = new Core();
    const [client, worker] = [core.peer(), core.worker("f")];
    core.foreground({}, client);
    core.grab(worker);
    core.finish(worker, "1");
    expect([client.awaited.size, told(core.server.leave(client))]).toEqual([0, {}]);
  });
});

describe("a worker that leaves", () => {
  it("gives its jobs back, of all its functions", () => {
    const core = new Core();
    const worker = core.worker("f", "g");
    core.foreground({ function: "f" });
    core.foreground({ function: "g" });
    expect([core.grab(worker), core.grab(worker)]).toEqual(["2", "1"]);
    expect(told(core.server.leave(worker))).toEqual({ requeued: ["1", "2"] });
    expect([core.server.gauges.running, core.server.gauges.connections]).toEqual([0, 2]);
  });

  it("gives a job back of a function that it no longer does", () => {
    const core = new Core();
    const worker = core.worker("f", "g");
    core.foreground();
    core.grab(worker);
    expect(told(core.server.cantDo(worker, "g"))).toEqual({});
    expect(told(core.server.cantDo(worker, "f"))).toEqual({ requeued: ["1"] });
    for (const name of ["f", "unknown"]) expect(told(core.server.cantDo(worker, name))).toEqual({});
    expect(told(core.server.leave(worker))).toEqual({});
  });

  it("RESET_ABILITIES takes all functions and jobs from it", () => {
    const core = new Core();
    const worker = core.worker("f", "g", "h");
    core.foreground();
    core.grab(worker);
    expect(told(core.server.resetAbilities(worker))).toEqual({ requeued: ["1"] });
    expect([[...worker.abilities], core.grab(worker)]).toEqual([[], "none"]);
    expect([...core.server.functions()].map((fn) => fn.workers.size)).toEqual([0, 0, 0]);
  });

  it("gives what it ran to those that sleep", () => {
    const core = new Core();
    const [worker, sleeper] = [core.worker("f"), core.sleeper("f")];
    core.background();
    expect([core.grab(worker), core.grab(sleeper), core.server.preSleep(sleeper)]).toEqual(["1", "none", false]);
    expect(told(core.server.leave(worker))).toEqual({ requeued: ["1"], woken: [sleeper.id] });
  });

  it("that is its own client takes the job with it", () => {
    const core = new Core();
    const both = core.worker("f");
    core.foreground({}, both);
    core.grab(both);
    expect([told(core.server.leave(both)), core.server.gauges.jobs]).toEqual([{}, 0]);
  });
});
