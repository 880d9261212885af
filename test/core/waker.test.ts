import { describe, expect, it } from "vitest";
import type { Peer } from "../../src/core/peer.ts";
import { Core } from "../support/core-harness.ts";

const sleepers = (core: Core, count: number, ...names: string[]): Peer[] =>
  Array.from({ length: count }, () => core.sleeper(...(names.length > 0 ? names : ["f"])));

/** Ids of those that a submit woke. */
const wokenBy = (answer: unknown): unknown => (answer as { woken?: unknown }).woken ?? [];

describe("whom a job wakes", () => {
  it("nobody, when nobody sleeps", () => {
    const core = new Core();
    core.worker("f");
    core.sleeper("g");
    expect(wokenBy(core.submit({}))).toEqual([]);
    expect(core.server.untilTick()).toBe(Number.POSITIVE_INFINITY);
  });

  it("one worker per job, the longest asleep first", () => {
    const core = new Core();
    const [a, b, c] = sleepers(core, 3);
    if (a !== undefined) core.server.preSleep(a);
    expect([wokenBy(core.submit({})), wokenBy(core.submit({}))]).toEqual([[b?.id], [c?.id]]);
    expect([wokenBy(core.submit({})), wokenBy(core.submit({}))]).toEqual([[a?.id], []]);
    expect(core.server.counters.woken).toBe(3);
  });

  it("nobody more, while enough are on their way", () => {
    const core = new Core();
    const [a] = sleepers(core, 3);
    expect(wokenBy(core.submit({}))).toEqual([a?.id]);
    core.grab(core.worker("f"));
    expect(wokenBy(core.submit({}))).toEqual([]);
  });

  it("one more, when one on its way did not come for 20 ms", () => {
    const core = new Core();
    const [a, b] = sleepers(core, 3);
    expect(wokenBy(core.submit({}))).toEqual([a?.id]);
    core.grab(core.worker("f"));
    core.clock.advance(20);
    expect(wokenBy(core.submit({}))).toEqual([b?.id]);
  });

  it("those on their way are counted until they are late, each for itself", () => {
    const core = new Core();
    const [a, b, c] = sleepers(core, 4);
    expect(wokenBy(core.submit({}))).toEqual([a?.id]);
    core.clock.advance(15);
    expect(wokenBy(core.submit({}))).toEqual([b?.id]);
    core.grab(core.worker("f"));
    core.clock.advance(5);
    expect(wokenBy(core.submit({}))).toEqual([c?.id]);
  });

  it("a worker woken for one function is not woken for another", () => {
    const core = new Core();
    const [a, b] = sleepers(core, 2, "f", "g");
    expect(wokenBy(core.submit({ function: "f" }))).toEqual([a?.id]);
    expect(wokenBy(core.submit({ function: "g" }))).toEqual([b?.id]);
    expect(wokenBy(core.submit({ function: "g" }))).toEqual([]);
  });

  it("a job that joins wakes nobody", () => {
    const core = new Core();
    sleepers(core, 2);
    core.submit({ unique: "u" });
    expect(wokenBy(core.submit({ unique: "u" }))).toEqual([]);
  });
});

describe("a job that nobody takes", () => {
  it("has 2, 4, 8... more woken every 20 ms", () => {
    const core = new Core();
    sleepers(core, 40);
    core.submit({});
    const counts = [];
    for (let step = 0; step < 6; step++) {
      expect(core.server.untilTick()).toBe(step < 5 ? 20 : Number.POSITIVE_INFINITY);
      counts.push(core.pass(20).woken?.length ?? 0);
    }
    expect(counts).toEqual([2, 4, 8, 16, 9, 0]);
  });

  it("has all woken by 200 ms", () => {
    const core = new Core();
    sleepers(core, 3000);
    core.submit({});
    const counts = [];
    for (let step = 0; step < 10; step++) counts.push(core.pass(20).woken?.length ?? 0);
    expect(counts).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 3000 - 1 - 1022]);
    expect(core.server.untilTick()).toBe(Number.POSITIVE_INFINITY);
  });

  it("has all woken at 200 ms though the 20 ms steps fall beside it", () => {
    const core = new Core();
    sleepers(core, 3000);
    core.submit({});
    core.pass(195);
    expect(core.server.untilTick()).toBe(5);
    expect(core.pass(5).woken?.length).toBe(3000 - 1 - 2);
  });

  it("does not count for the next one: doubling begins anew", () => {
    const core = new Core();
    sleepers(core, 40);
    core.submit({});
    core.submit({});
    expect([core.pass(20).woken?.length, core.pass(20).woken?.length]).toEqual([2, 4]);
    core.grab(core.worker("f"));
    expect([core.pass(20).woken?.length, core.pass(20).woken?.length]).toEqual([2, 4]);
  });

  it("several untaken jobs have at least so many woken again", () => {
    const core = new Core();
    sleepers(core, 40);
    for (let n = 0; n < 5; n++) core.submit({});
    expect([core.pass(20).woken?.length, core.pass(20).woken?.length]).toEqual([5, 5]);
    expect(core.pass(20).woken?.length).toBe(8);
  });

  it("is no longer cared for once it is taken", () => {
    const core = new Core();
    sleepers(core, 3);
    core.submit({});
    core.grab(core.worker("f"));
    expect(core.pass(20)).toEqual({});
    expect(core.server.untilTick()).toBe(Number.POSITIVE_INFINITY);
  });
});

it("a function does not hold on to a job that stayed untaken and is done", () => {
  const core = new Core();
  for (let n = 0; n < 4; n++) core.sleeper("f");
  const [worker, job] = [core.worker("f"), core.foreground()];
  core.pass(20);
  core.finish(worker, core.grab(worker));
  for (const fn of core.server.functions()) expect(Object.values(fn)).not.toContain(job);
});

describe("a woken worker", () => {
  it("is no candidate until it grabs or sleeps again", () => {
    const core = new Core();
    const worker = core.sleeper("f", "g");
    core.submit({ function: "f" });
    core.server.canDo(worker, "h", 0);
    core.server.cantDo(worker, "g");
    expect([wokenBy(core.submit({ function: "h" })), core.pass(500)]).toEqual([[], {}]);
    expect([core.grab(worker), core.grab(worker), core.grab(worker)]).toEqual(["2", "1", "none"]);
    expect(core.server.preSleep(worker)).toBe(false);
    expect(wokenBy(core.submit({ function: "h" }))).toEqual([worker.id]);
  });

  it("that leaves is replaced at once", () => {
    const core = new Core();
    const [a, b] = sleepers(core, 3);
    core.submit({});
    expect(a === undefined ? {} : told(core, a)).toEqual({ woken: [b?.id] });
  });

  it("that no longer does the function is replaced at once", () => {
    const core = new Core();
    const [a, b] = sleepers(core, 3);
    core.submit({});
    expect(a === undefined ? [] : core.server.cantDo(a, "f").woken).toEqual([b]);
  });

  it("that finds its job taken sleeps again and is woken for the next", () => {
    const core = new Core();
    const worker = core.sleeper("f");
    core.submit({});
    core.grab(core.worker("f"));
    expect([core.grab(worker), core.server.preSleep(worker)]).toEqual(["none", false]);
    expect(wokenBy(core.submit({}))).toEqual([worker.id]);
  });
});

const told = (core: Core, peer: Peer): unknown => ({ woken: core.server.leave(peer).woken.map(({ id }) => id) });

describe("a sleeping worker", () => {
  it("that registers a function with jobs is woken", () => {
    const core = new Core();
    core.submit({ function: "g" });
    const worker = core.sleeper("f");
    expect(core.server.canDo(worker, "g", 0)?.woken).toEqual([worker]);
  });

  it("that registers a function is woken for its next job", () => {
    const core = new Core();
    const worker = core.sleeper("f");
    expect(core.server.canDo(worker, "g", 0)?.woken).toEqual([]);
    expect(wokenBy(core.submit({ function: "g" }))).toEqual([worker.id]);
  });

  it("that registers a function while a worker is on its way to its old job is woken 20 ms later", () => {
    const core = new Core();
    core.submit({ function: "g" });
    const [first, second] = [core.sleeper("f"), core.sleeper("f")];
    core.clock.advance(300);
    expect(core.server.canDo(first, "g", 0)?.woken).toEqual([first]);
    expect([core.server.canDo(second, "g", 0)?.woken, core.server.untilTick()]).toEqual([[], 20]);
    expect(core.pass(20)).toEqual({ woken: [second.id] });
  });

  it("that gives a function up is not woken for it", () => {
    const core = new Core();
    const worker = core.sleeper("f", "g");
    core.server.cantDo(worker, "f");
    expect(wokenBy(core.submit({}))).toEqual([]);
    expect(wokenBy(core.submit({ function: "g" }))).toEqual([worker.id]);
  });

  it("that grabs of its own accord is awake", () => {
    const core = new Core();
    const worker = core.sleeper("f");
    expect(core.grab(worker)).toBe("none");
    expect(wokenBy(core.submit({}))).toEqual([]);
  });

  it("that left is not woken", () => {
    const core = new Core();
    core.server.leave(core.sleeper("f"));
    expect(wokenBy(core.submit({}))).toEqual([]);
  });
});

describe("PRE_SLEEP", () => {
  it("with a job there: NOOP, and it does not sleep", () => {
    const core = new Core();
    const worker = core.worker("g", "f");
    core.submit({});
    expect([core.server.preSleep(worker), core.server.counters.woken]).toEqual([true, 1]);
    expect(wokenBy(core.submit({}))).toEqual([]);
  });

  it("with jobs of others only: it sleeps", () => {
    const core = new Core();
    core.submit({});
    expect(core.server.preSleep(core.worker("g", "h"))).toBe(false);
  });
});

describe("--worker-wakeup", () => {
  it("N is the least number woken for a job, and doubled from there", () => {
    const core = new Core({ workerWakeup: 3 });
    const [a, b, c] = sleepers(core, 20);
    expect(wokenBy(core.submit({}))).toEqual([a?.id, b?.id, c?.id]);
    expect([core.pass(20).woken?.length, core.pass(20).woken?.length]).toEqual([6, 11]);
  });

  it("0 wakes all for each job", () => {
    const core = new Core({ workerWakeup: 0 });
    const all = sleepers(core, 4);
    expect(wokenBy(core.submit({}))).toEqual(all.map(({ id }) => id));
    expect(core.server.untilTick()).toBe(Number.POSITIVE_INFINITY);
    const late = core.worker("f");
    expect([core.grab(late), core.server.preSleep(late)]).toEqual(["1", false]);
    expect(wokenBy(core.submit({}))).toEqual([late.id]);
  });

  it("as many as there are jobs, though N is less", () => {
    const core = new Core({ workerWakeup: 1 });
    for (let n = 0; n < 3; n++) core.submit({});
    const lazy = core.worker("f", "g");
    core.server.cantDo(lazy, "f");
    const all = sleepers(core, 3, "g");
    for (const peer of all) expect(core.server.canDo(peer, "f", 0)?.woken).toEqual([peer]);
  });
});
