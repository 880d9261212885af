import { describe, expect, it } from "vitest";
import { Priority } from "../../src/core/types.ts";
import { bytes, Core, told } from "../support/core-harness.ts";

/** One test for each of C gearmand's bugs in the keeping of jobs that this server is not to have. */
describe("not as C gearmand", () => {
  it("a background job that a foreground client joined and left still runs", () => {
    const core = new Core();
    const client = core.peer();
    core.background({ unique: "u" });
    core.foreground({ unique: "u" }, client);
    core.server.leave(client);
    const worker = core.worker("f");
    expect([core.server.preSleep(worker), core.grab(worker)]).toEqual([true, "1"]);
  });

  it("an acknowledged background job that coalesced onto a foreground one is a background job", () => {
    const core = new Core();
    const client = core.peer();
    core.foreground({ unique: "u" }, client);
    expect(core.background({ unique: "u" })).toMatchObject({ handle: "1", stored: "yes" });
    core.server.leave(client);
    const lost = core.worker("f");
    expect(core.grab(lost)).toBe("1");
    core.server.leave(lost);
    expect(core.grab(core.worker("f"))).toBe("1");
  });

  it("empty uniques never collide", () => {
    const core = new Core();
    const empty = { unique: "", background: true };
    const waiting = [1, 2, 3].map((n) => ({ waiting: String(n), store: true }));
    expect([core.submit(empty), core.submit(empty), core.submit(empty)]).toEqual(waiting);
  });

  it("a future NORMAL job does not hide LOW jobs", () => {
    const core = new Core();
    core.background({ epoch: core.clock.wall() / 1000 + 60 });
    core.background({ priority: Priority.low });
    const worker = core.worker("f");
    expect([core.server.preSleep(worker), core.grab(worker), core.grab(worker)]).toEqual([true, "2", "none"]);
  });

  it("NOOP then PRE_SLEEP without a grab is woken again", () => {
    const core = new Core();
    const worker = core.sleeper("f");
    expect(core.submit({})).toEqual({ created: "1", woken: [worker.id] });
    expect([core.server.preSleep(worker), core.server.preSleep(worker)]).toEqual([true, true]);
    core.grab(core.worker("f"));
    expect(core.server.preSleep(worker)).toBe(false);
    expect(core.submit({})).toEqual({ created: "2", woken: [worker.id] });
  });

  it("two timed jobs on one worker: both are requeued, each at its time", () => {
    const core = new Core();
    const worker = core.timedWorker(1000);
    for (let n = 0; n < 2; n++) core.foreground();
    core.grab(worker);
    core.clock.advance(400);
    core.grab(worker);
    expect([core.pass(600), core.pass(400)]).toEqual([{ requeued: ["1"] }, { requeued: ["2"] }]);
  });

  it("PRE_SLEEP does not cancel the timer of a running job", () => {
    const core = new Core();
    const worker = core.timedWorker(1000);
    core.foreground();
    core.grab(worker);
    expect([core.server.preSleep(worker), core.pass(1000)]).toEqual([false, { requeued: ["1"], woken: [worker.id] }]);
  });

  it("the timer of a job that is done does nothing to the next one", () => {
    const core = new Core();
    const worker = core.timedWorker(1000);
    for (let n = 0; n < 2; n++) core.foreground();
    core.grab(worker);
    core.clock.advance(900);
    core.finish(worker, "1");
    core.grab(worker);
    expect([core.pass(100), core.finish(worker, "2")]).toEqual([{}, { clients: [3] }]);
    expect([core.server.untilTick(), core.pass(1000)]).toEqual([Number.POSITIVE_INFINITY, {}]);
  });

  it("a foreground client that submits again after a job was abandoned gets its result", () => {
    const core = new Core();
    const [first, worker] = [core.peer(), core.worker("f")];
    core.foreground({ unique: "u" }, first);
    core.server.leave(first);
    const second = core.foreground({ unique: "u" });
    expect([core.grab(worker), core.finish(worker, second.handle)]).toEqual(["2", { clients: [3] }]);
  });

  it("a foreground client that joins an abandoned running job gets its result", () => {
    const core = new Core();
    const [first, worker] = [core.peer(), core.worker("f")];
    core.foreground({ unique: "u" }, first);
    core.grab(worker);
    core.server.leave(first);
    core.foreground({ unique: "u" });
    expect(core.finish(worker, "1")).toEqual({ clients: [3] });
  });

  it("an abandoned job is not the death of another", () => {
    const core = new Core();
    const client = core.peer();
    core.foreground({}, client);
    core.foreground();
    core.server.leave(client);
    const worker = core.worker("f");
    expect([core.server.preSleep(worker), core.grab(worker), core.grab(worker)]).toEqual([true, "2", "none"]);
  });

  it("a function dropped with queued jobs takes them along: their uniques are free, their clients told", () => {
    const core = new Core();
    core.foreground({ unique: "u" });
    const { dropped, outcome } = core.server.dropFunction("f");
    expect([dropped, told(outcome)]).toEqual([1, { ended: ["1 cancelled [1]"] }]);
    expect([core.server.jobByHandle("1"), core.server.jobByUnique("u")]).toEqual([undefined, undefined]);
    expect([core.submit({ unique: "u" }), core.grab(core.worker("f"))]).toEqual([{ created: "2" }, "2"]);
  });

  it("a cancelled running job tells its clients once", () => {
    const core = new Core();
    const worker = core.worker("f");
    core.foreground();
    core.grab(worker);
    const outcome = core.server.cancel("1");
    expect(outcome === undefined ? {} : told(outcome)).toEqual({ ended: ["1 cancelled [2]"] });
    expect([core.server.cancel("1"), core.finish(worker, "1")]).toEqual([undefined, { clients: [] }]);
  });

  it("a cancelled queued job no longer counts", () => {
    const core = new Core();
    core.foreground();
    core.server.cancel("1");
    expect([...core.server.functions()].map((fn) => [fn.total, fn.runnable])).toEqual([[0, 0]]);
  });

  it("uniques of 64 bytes coalesce, and none is cut", () => {
    const core = new Core();
    const [unique, almost] = ["u".repeat(64), `${"u".repeat(63)}v`];
    expect([core.submit({ unique }), core.submit({ unique: almost }), core.submit({ unique })]).toEqual([
      { created: "1" },
      { created: "2" },
      { created: "1" },
    ]);
    expect(core.server.jobByUnique(unique)?.unique).toBe(unique);
  });

  it("jobs that die are told to those who wait, and to the store", () => {
    const core = new Core({ jobRetries: 0 });
    const worker = core.worker("f");
    core.background({ unique: "u", workload: bytes("poison") });
    core.foreground({ unique: "u" });
    core.grab(worker);
    expect(told(core.server.leave(worker))).toEqual({ ended: ["1 dead [3]"] });
  });
});
