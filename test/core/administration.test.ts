import { describe, expect, it } from "vitest";
import { Priority } from "../../src/core/types.ts";
import { Core, told } from "../support/core-harness.ts";

function cancel(core: Core, handle: string): unknown {
  const outcome = core.server.cancel(handle);
  return outcome === undefined ? undefined : told(outcome);
}

function drop(core: Core, name: string): unknown {
  const { outcome, ...counts } = core.server.dropFunction(name);
  return { ...counts, ...told(outcome) };
}

const known = (core: Core): string[] => [...core.server.functions()].map(({ name }) => name);

describe("cancel job", () => {
  it("takes a waiting job out and tells its clients", () => {
    const core = new Core();
    core.foreground({ unique: "u" });
    core.foreground({ unique: "u" });
    expect(cancel(core, "1")).toEqual({ ended: ["1 cancelled [1,2]"] });
    expect([cancel(core, "1"), core.server.gauges.jobs, core.grab(core.worker("f"))]).toEqual([undefined, 0, "none"]);
    expect(core.counted()).toEqual({ submitted: 1, coalesced: 1, cancelled: 1 });
  });

  it("takes out a delayed job", () => {
    const core = new Core();
    core.background({ epoch: core.clock.wall() / 1000 + 1 });
    expect(cancel(core, "1")).toEqual({ ended: ["1 cancelled []"] });
    expect([core.server.gauges.delayed, core.pass(2000)]).toEqual([0, {}]);
  });

  it("tells a running job's clients, and what its worker sends later is for nobody", () => {
    const core = new Core();
    const worker = core.worker("f");
    const job = core.foreground();
    core.grab(worker);
    expect([cancel(core, "1"), cancel(core, "1")]).toEqual([{ ended: ["1 cancelled [2]"] }, undefined]);
    expect([core.server.jobOf(worker, "1"), job.clients.size]).toEqual([job, 0]);
    expect([core.finish(worker, "1"), core.counted()]).toEqual([
      { clients: [] },
      { submitted: 1, assigned: 1, cancelled: 1 },
    ]);
  });

  it("a running job counts until its worker is done with it, as in gearmand", () => {
    const core = new Core();
    const worker = core.worker("f");
    core.foreground();
    core.grab(worker);
    const totals = () => [...core.server.functions()].map((fn) => [fn.total, fn.running]);
    cancel(core, "1");
    expect(totals()).toEqual([[1, 1]]);
    core.finish(worker, "1");
    expect(totals()).toEqual([[0, 0]]);
  });

  it("a running job's unique is free for a new one", () => {
    const core = new Core();
    const worker = core.worker("f");
    core.background({ unique: "u" });
    core.grab(worker);
    cancel(core, "1");
    expect(core.submit({ unique: "u" })).toEqual({ created: "2" });
    core.finish(worker, "1");
    expect(core.submit({ unique: "u" })).toEqual({ created: "2" });
  });

  it("a running job does not come back when its worker leaves", () => {
    const core = new Core();
    const worker = core.worker("f");
    core.background();
    core.grab(worker);
    cancel(core, "1");
    expect([told(core.server.leave(worker)), core.server.gauges.jobs]).toEqual([{}, 0]);
    expect(core.counted()).toMatchObject({ cancelled: 1, submitted: 1 });
    expect([...core.server.functions()].map((fn) => fn.total)).toEqual([0]);
  });
});

describe("create function", () => {
  it("makes a function that stays, once", () => {
    const core = new Core();
    expect([core.server.createFunction("f"), core.server.createFunction("f"), known(core)]).toEqual([
      true,
      true,
      ["f"],
    ]);
  });
});

describe("drop function", () => {
  it("drops every case variant that is free, and counts the busy ones", () => {
    const core = new Core();
    core.worker("ECHO");
    for (const name of ["echo", "Echo", "other"]) core.server.createFunction(name);
    expect([drop(core, "eCHO"), known(core)]).toEqual([{ dropped: 2, busy: 1 }, ["ECHO", "other"]]);
    expect(drop(core, "none")).toEqual({ dropped: 0, busy: 0 });
  });

  it("takes only ASCII letters for letters", () => {
    const core = new Core();
    for (const name of ["\xc0", "\xe0"]) core.server.createFunction(name);
    expect([drop(core, "\xe0"), known(core)]).toEqual([{ dropped: 1, busy: 0 }, ["\xc0"]]);
  });

  it("cancels the jobs that wait there, and no others", () => {
    const core = new Core();
    core.background({ epoch: core.clock.wall() / 1000 + 9 });
    core.foreground({ function: "g" });
    core.foreground();
    expect(drop(core, "f")).toEqual({ dropped: 1, busy: 0, ended: ["1 cancelled []", "3 cancelled [3]"] });
    expect([known(core), core.server.gauges.jobs, core.server.gauges.runnable]).toEqual([["g"], 1, 1]);
  });

  it("leaves a function alone that has a worker", () => {
    const core = new Core();
    const worker = core.worker("f");
    core.foreground();
    core.grab(worker);
    expect(drop(core, "f")).toEqual({ dropped: 0, busy: 1 });
    core.finish(worker, "1");
    core.server.leave(worker);
    expect(drop(core, "f")).toEqual({ dropped: 1, busy: 0 });
  });
});

describe("maxqueue", () => {
  const submits = (core: Core) =>
    [Priority.high, Priority.normal, Priority.low].map((priority) => {
      const client = core.peer();
      const answer = core.submit({ priority }, client);
      core.server.leave(client);
      return answer === "function full" ? "full" : "room";
    });

  function coreWith(jobs: number, limits: number[]): Core {
    const core = new Core();
    for (let n = 0; n < jobs; n++) core.foreground();
    core.server.setMaxQueue("f", limits);
    return core;
  }

  it("limits all jobs of a function against the limit of the submitted priority", () => {
    expect(submits(coreWith(2, [2]))).toEqual(["full", "full", "full"]);
    expect(submits(coreWith(1, [2]))).toEqual(["room", "room", "room"]);
    expect(submits(coreWith(2, [1, 2, 3]))).toEqual(["full", "full", "room"]);
  });

  it("counts running jobs as well", () => {
    const core = coreWith(1, [1]);
    core.grab(core.worker("f"));
    expect(core.submit({})).toBe("function full");
    expect(core.counted()).toEqual({ submitted: 1, assigned: 1, refused: 1 });
  });

  it("counts jobs that are not stored yet", () => {
    const core = coreWith(0, []);
    core.pending();
    core.server.setMaxQueue("f", [1]);
    expect(core.submit({})).toBe("function full");
  });

  it("two limits leave LOW without one", () => {
    expect(submits(coreWith(5, [1, 9]))).toEqual(["full", "room", "room"]);
  });

  it("0 or less, or no number, is no limit", () => {
    for (const limits of [[0], [-1], [0, 0, 0], []])
      expect(submits(coreWith(3, limits))).toEqual(["room", "room", "room"]);
    const core = coreWith(3, [1]);
    core.server.setMaxQueue("f", []);
    expect(submits(core)).toEqual(["room", "room", "room"]);
  });

  it("is no limit to joining", () => {
    const core = new Core();
    core.foreground({ unique: "u" });
    core.server.setMaxQueue("f", [1]);
    expect([core.submit({ unique: "u" }), core.submit({ unique: "u", background: true })]).toEqual([
      { created: "1" },
      { waiting: "1", store: true },
    ]);
  });

  it("does not make a function, but a function that has limits stays", () => {
    const core = new Core();
    core.server.setMaxQueue("none", [1]);
    expect(known(core)).toEqual([]);
    expect([...coreWith(1, [1]).server.functions()].map(({ keep }) => keep)).toEqual([true]);
    expect([...coreWith(1, [0]).server.functions()].map(({ keep }) => keep)).toEqual([false]);
  });
});
