import { describe, expect, it } from "vitest";
import type { Peer } from "../../src/core/peer.ts";
import { Core } from "../support/core-harness.ts";

/** A worker of these functions whose grab is held. */
function holder(core: Core, ...names: string[]): Peer {
  const worker = core.worker(...names);
  expect(core.grab(worker, true)).toBe("held");
  return worker;
}

describe("held grabs", () => {
  it("only a busy worker's grab that finds nothing is held", () => {
    const core = new Core();
    expect(core.grab(core.worker("f"), false)).toBe("none");
    expect(core.grab(core.worker("f"), true)).toBe("held");
    core.submit({ function: "g" });
    expect(core.grab(core.worker("g"), true)).toBe("1");
    expect([core.server.gauges.heldGrabs, core.server.counters.held]).toEqual([1, 1]);
  });

  it("a job that comes is assigned to the oldest that may have it", () => {
    const core = new Core();
    holder(core, "g");
    const [a, b] = [holder(core, "f"), holder(core, "f")];
    expect(core.submit({})).toEqual({ created: "1", assigned: [`${a.id} plain 1`] });
    expect(core.submit({})).toEqual({ created: "2", assigned: [`${b.id} plain 2`] });
    expect(core.submit({})).toEqual({ created: "3" });
    expect([core.server.gauges.heldGrabs, core.server.counters.heldFruitful]).toEqual([1, 2]);
    expect(core.finish(a, "1")).toMatchObject({ clients: [4] });
  });

  it("the answer is of the kind that the grab asked for", () => {
    for (const kind of ["plain", "unique", "all"] as const) {
      const core = new Core();
      const worker = core.worker("f");
      core.server.grab(worker, kind, true);
      expect(core.submit({})).toEqual({ created: "1", assigned: [`1 ${kind} 1`] });
    }
  });

  it("a job that a held grab takes wakes nobody", () => {
    const core = new Core();
    core.sleeper("f");
    const worker = holder(core, "f");
    expect(core.submit({})).toEqual({ created: "1", assigned: [`${worker.id} plain 1`] });
    expect(core.submit({})).toEqual({ created: "2", woken: [1] });
  });

  it("a stored, a requeued and a delayed job are assigned when they become runnable", () => {
    const core = new Core();
    const [a, b, c] = [holder(core, "f"), holder(core, "f"), holder(core, "f")];
    const job = core.pending();
    expect(core.server.commitSucceeded(job).assigned).toEqual([{ peer: a, kind: "plain", job }]);
    expect(core.server.leave(a).assigned).toEqual([{ peer: b, kind: "plain", job }]);
    core.background({ epoch: core.clock.wall() / 1000 + 1 });
    core.clock.jump(1000);
    expect(core.tick()).toEqual({ assigned: [`${c.id} plain 2`] });
  });

  it("is given up after 1.5 ms, the oldest first", () => {
    const core = new Core();
    const a = holder(core, "f");
    core.clock.advance(1);
    const b = holder(core, "f");
    expect([core.server.untilTick(), core.tick()]).toEqual([0.5, {}]);
    expect(core.pass(0.5)).toEqual({ released: [a.id] });
    expect([core.server.untilTick(), core.pass(2)]).toEqual([1, { released: [b.id] }]);
    expect([core.server.untilTick(), core.submit({})]).toEqual([Number.POSITIVE_INFINITY, { created: "1" }]);
  });

  it("is given up once, by whatever its connection sends", () => {
    const core = new Core();
    const worker = holder(core, "f");
    expect([core.server.releaseGrab(worker), core.server.releaseGrab(worker)]).toEqual([true, false]);
    expect([core.submit({}), core.pass(5)]).toEqual([{ created: "1" }, {}]);
  });

  it("of a connection that is gone gets no job and no answer", () => {
    const core = new Core();
    core.server.leave(holder(core, "f"));
    expect([core.submit({}), core.pass(5)]).toEqual([{ created: "1" }, {}]);
  });

  it("are all given up when the server drains", () => {
    const core = new Core();
    const [a, b] = [holder(core, "f"), holder(core, "f")];
    expect(core.server.drain().released).toEqual([a, b]);
    expect(core.pass(5)).toEqual({});
  });
});

describe("holding that brings nothing", () => {
  function fruitless(core: Core, worker: Peer, times: number): void {
    for (let n = 0; n < times; n++) {
      expect(core.grab(worker, true)).toBe("held");
      expect(core.pass(1.5)).toEqual({ released: [worker.id] });
    }
  }

  it("ends after three times in a row", () => {
    const core = new Core();
    const worker = core.worker("f");
    fruitless(core, worker, 3);
    expect(core.grab(worker, true)).toBe("none");
  });

  it("is counted anew after a hold that brought a job", () => {
    const core = new Core();
    const worker = core.worker("f");
    fruitless(core, worker, 2);
    core.grab(worker, true);
    expect(core.submit({})).toMatchObject({ assigned: [`${worker.id} plain 1`] });
    fruitless(core, worker, 3);
    expect(core.grab(worker, true)).toBe("none");
  });

  it("is tried again after a wake that brought a job", () => {
    const core = new Core();
    const worker = core.worker("f");
    fruitless(core, worker, 3);
    core.submit({});
    expect([core.grab(worker, true), core.grab(worker, true)]).toEqual(["1", "none"]);
    core.server.preSleep(worker);
    core.submit({});
    core.grab(worker);
    fruitless(core, worker, 3);
  });

  it("is not tried again after a wake that brought none", () => {
    const core = new Core();
    const worker = core.worker("f");
    fruitless(core, worker, 3);
    core.server.preSleep(worker);
    core.submit({});
    core.grab(core.worker("f"));
    expect([core.grab(worker), core.grab(worker, true)]).toEqual(["none", "none"]);
  });

  it("counts when the connection sends something else as well", () => {
    const core = new Core();
    const worker = core.worker("f");
    for (let n = 0; n < 3; n++) {
      core.grab(worker, true);
      core.server.releaseGrab(worker);
    }
    expect(core.grab(worker, true)).toBe("none");
  });
});

describe("a job that was withheld from a held grab", () => {
  /** Job 1 has timed out at the first worker, whose grab is held; the second is the other that could have it. */
  function withheld() {
    const core = new Core();
    const first = core.timedWorker(1000);
    core.worker("g");
    core.server.canDo(first, "g", 0);
    core.submit({});
    core.grab(first);
    const second = core.worker("f");
    expect(core.pass(1000)).toEqual({ requeued: ["1"] });
    expect(core.grab(first, true)).toBe("held");
    return { core, first, second };
  }

  it("is assigned when the other worker leaves", () => {
    const { core, first, second } = withheld();
    expect(core.server.leave(second).assigned.map(({ peer, job }) => [peer, job.handle])).toEqual([[first, "1"]]);
  });

  it("is assigned when the other worker no longer does the function", () => {
    const { core, first, second } = withheld();
    expect(core.server.cantDo(second, "f").assigned.map(({ peer, job }) => [peer, job.handle])).toEqual([[first, "1"]]);
  });

  it("does not stand in the way of a job of another function", () => {
    const { core, first } = withheld();
    expect(core.submit({ function: "g" })).toEqual({ created: "2", assigned: [`${first.id} plain 2`] });
  });
});
