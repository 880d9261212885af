import { describe, expect, it } from "vitest";
import type { Job } from "../../src/core/job.ts";
import type { Peer } from "../../src/core/peer.ts";
import { aSpec, Core, told } from "../support/core-harness.ts";

const UNIQUE = { unique: "u" };
const BACKGROUND = { unique: "u", background: true };

const where = (job: Job): unknown => [job.state, job.stored, [...job.clients].map(({ peer }) => peer.id)];

describe("a new background job", () => {
  it("is acknowledged and runnable when it is stored, not before", () => {
    const core = new Core();
    const worker = core.worker("f");
    const job = core.pending();
    expect([core.grab(worker), where(job)]).toEqual(["none", ["storing", "pending", []]]);
    core.server.preSleep(worker);
    expect(told(core.server.commitSucceeded(job))).toEqual({ settled: ["2 acknowledged 1"], woken: [1] });
    expect([where(job), core.grab(worker)]).toEqual([["queued", "yes", []], "1"]);
  });

  it("is refused and gone when it cannot be stored, and its unique is free", () => {
    const core = new Core();
    const job = core.pending(UNIQUE);
    expect(told(core.server.commitFailed(job, "not stored"))).toEqual({ settled: ["1 not stored 1"] });
    expect([where(job), core.server.gauges.jobs, core.counted().commitsFailed]).toEqual([["gone", "no", []], 0, 1]);
    expect(core.submit(BACKGROUND)).toEqual({ waiting: "2", store: true });
  });

  it("takes its place in the queue when it is stored", () => {
    const core = new Core();
    const worker = core.worker("f");
    const [slow, quick] = [core.pending(), core.pending()];
    core.foreground();
    core.server.commitSucceeded(quick);
    core.server.commitSucceeded(slow);
    expect([core.grab(worker), core.grab(worker), core.grab(worker)]).toEqual(["3", "2", "1"]);
  });

  it("is stored though its client has left", () => {
    const core = new Core();
    const client = core.peer();
    const job = core.pending({}, client);
    expect(told(core.server.leave(client))).toEqual({});
    expect(told(core.server.commitSucceeded(job))).toEqual({ settled: ["1 acknowledged 1"] });
    expect(where(job)).toEqual(["queued", "yes", []]);
  });

  it("waits for its epoch after it is stored", () => {
    const core = new Core();
    const job = core.pending({ epoch: core.clock.wall() / 1000 + 5 });
    expect(told(core.server.commitSucceeded(job))).toEqual({ settled: ["1 acknowledged 1"] });
    expect(where(job)).toEqual(["delayed", "yes", []]);
  });
});

describe("clients that join while the commit is out", () => {
  it("wait for it, and all are acknowledged in the order they came", () => {
    const core = new Core();
    const job = core.pending(UNIQUE);
    expect([core.submit(UNIQUE), core.submit(BACKGROUND)]).toEqual([{ waiting: "1" }, { waiting: "1" }]);
    const settled = ["1 acknowledged 1", "2 acknowledged 1", "3 acknowledged 1"];
    expect([told(core.server.commitSucceeded(job)), where(job)]).toEqual([{ settled }, ["queued", "yes", [2]]]);
  });

  it("in the background: all are refused with it", () => {
    const core = new Core();
    const job = core.pending(UNIQUE);
    core.submit(BACKGROUND);
    expect(told(core.server.commitFailed(job, "not stored"))).toEqual({
      settled: ["1 not stored 1", "2 not stored 1"],
    });
    expect(core.submit(UNIQUE)).toEqual({ created: "2" });
  });

  it("in the foreground: it lives on as theirs when it cannot be stored", () => {
    const core = new Core();
    const worker = core.sleeper("f");
    const job = core.pending(UNIQUE);
    core.submit(UNIQUE);
    const settled = ["2 not stored 1", "3 acknowledged 1"];
    expect(told(core.server.commitFailed(job, "not stored"))).toEqual({ settled, woken: [worker.id] });
    expect([where(job), core.grab(worker), core.finish(worker, "1")]).toEqual([
      ["queued", "no", [3]],
      "1",
      { clients: [3] },
    ]);
  });

  it("and have all left before it fails: it is gone", () => {
    const core = new Core();
    const client = core.peer();
    const job = core.pending(UNIQUE);
    core.submit(UNIQUE, client);
    core.server.leave(client);
    expect([where(job), told(core.server.commitFailed(job, "not stored"))]).toEqual([
      ["storing", "pending", []],
      { settled: ["2 not stored 1", "1 acknowledged 1"] },
    ]);
    expect([job.state, core.server.gauges.jobs]).toEqual(["gone", 0]);
  });

  it("and leave before it succeeds: it is a background job", () => {
    const core = new Core();
    const client = core.peer();
    const job = core.pending(UNIQUE);
    core.submit(UNIQUE, client);
    core.server.leave(client);
    core.server.commitSucceeded(job);
    expect([where(job), core.grab(core.worker("f"))]).toEqual([["queued", "yes", []], "1"]);
  });

  it("afterwards are answered at once", () => {
    const core = new Core();
    core.background(UNIQUE);
    expect([core.submit(BACKGROUND), core.submit(UNIQUE)]).toEqual([{ created: "1" }, { created: "1" }]);
  });

  it("after it failed and lived on: the store is asked again", () => {
    const core = new Core();
    const job = core.pending(UNIQUE);
    core.submit(UNIQUE);
    core.server.commitFailed(job, "not stored");
    expect(core.submit(BACKGROUND)).toEqual({ waiting: "1", store: true });
    expect(told(core.server.commitSucceeded(job))).toEqual({ settled: ["3 acknowledged 1"] });
  });
});

/** A foreground job of client 2, queued or running at worker 1, which a background submit of client 3 is to promote. */
function promoted(running: boolean) {
  const core = new Core();
  const worker = core.worker("f");
  const client = core.peer();
  const job = core.foreground(UNIQUE, client);
  if (running) core.grab(worker);
  expect(core.submit(BACKGROUND)).toEqual({ waiting: "1", store: true });
  expect(core.submit(BACKGROUND)).toEqual({ waiting: "1" });
  return { core, worker, client, job, state: running ? "running" : "queued" };
}

for (const running of [false, true]) {
  describe(`a ${running ? "running" : "queued"} foreground job that a background submit joins`, () => {
    it("is a background job once it is stored", () => {
      const { core, worker, client, job, state } = promoted(running);
      expect(told(core.server.commitSucceeded(job))).toEqual({ settled: ["3 acknowledged 1", "4 acknowledged 1"] });
      expect([where(job), told(core.server.leave(client))]).toEqual([[state, "yes", [2]], {}]);
      expect(told(core.server.leave(worker))).toEqual(running ? { requeued: ["1"] } : {});
      expect(core.grab(core.worker("f"))).toBe("1");
    });

    it("stays its clients' when it cannot be stored: only background submits are refused", () => {
      const { core, job, state } = promoted(running);
      expect(told(core.server.commitFailed(job, "not stored"))).toEqual({
        settled: ["3 not stored 1", "4 not stored 1"],
      });
      expect(where(job)).toEqual([state, "no", [2]]);
    });

    it("goes on while the commit is out, and a foreground client that joins is answered at once", () => {
      const { core, worker } = promoted(running);
      expect(core.submit(UNIQUE)).toEqual({ created: "1" });
      if (!running) expect(core.grab(worker)).toBe("1");
      expect(core.finish(worker, "1")).toEqual({
        clients: [2, 5],
        settled: ["3 acknowledged 1", "4 acknowledged 1"],
      });
    });

    it("survives its clients while the commit is out", () => {
      const { core, client, job, state } = promoted(running);
      expect([told(core.server.leave(client)), where(job)]).toEqual([{}, [state, "pending", []]]);
      core.server.commitSucceeded(job);
      expect(where(job)).toEqual([state, "yes", []]);
    });

    it("survives its worker while the commit is out and nobody waits", () => {
      const { core, worker, client, job } = promoted(running);
      core.server.leave(client);
      core.server.leave(worker);
      expect(where(job)).toEqual(["queued", "pending", []]);
    });

    it("is settled once when it is cancelled while the commit is out", () => {
      const { core, job } = promoted(running);
      const outcome = core.server.cancel("1");
      expect(outcome === undefined ? {} : told(outcome)).toEqual({
        settled: ["3 acknowledged 1", "4 acknowledged 1"],
        ended: ["1 cancelled [2]"],
      });
      expect(told(core.server.commitSucceeded(job))).toEqual({});
      expect(core.server.gauges.runnable).toBe(0);
    });
  });
}

describe("a promotion that fails after the clients left", () => {
  it("drops the job that waits", () => {
    const { core, client, job } = promoted(false);
    core.server.leave(client);
    expect(told(core.server.commitFailed(job, "not stored"))).toEqual({
      settled: ["3 not stored 1", "4 not stored 1"],
      ended: ["1 abandoned []"],
    });
    expect([core.server.gauges.jobs, core.server.counters.abandoned]).toEqual([0, 1]);
  });

  it("lets the running job end, for nobody", () => {
    const { core, worker, client, job } = promoted(true);
    core.server.leave(client);
    expect(told(core.server.commitFailed(job, "not stored"))).toEqual({
      settled: ["3 not stored 1", "4 not stored 1"],
    });
    expect([where(job), core.finish(worker, "1")]).toEqual([["running", "no", []], { clients: [] }]);
  });

  it("does not run the job again", () => {
    const { core, worker, client, job } = promoted(true);
    core.server.leave(client);
    core.server.commitFailed(job, "not stored");
    expect([told(core.server.leave(worker)), core.server.gauges.jobs]).toEqual([{}, 0]);
  });
});

describe("a job that ends while its commit is out", () => {
  const commits: ((core: Core, job: Job) => unknown)[] = [
    (core, job) => told(core.server.commitSucceeded(job)),
    (core, job) => told(core.server.commitFailed(job, "not stored")),
  ];
  const endings: [string, (core: Core, worker: Peer) => void][] = [
    ["completed", (core, worker) => core.finish(worker, "1")],
    ["failed", (core, worker) => core.finish(worker, "1", "failed")],
    ["cancelled", (core) => core.server.cancel("1")],
  ];
  for (const [how, end] of endings) {
    it(`${how}: the background submit is acknowledged, and the commit changes nothing any more`, () => {
      for (const commit of commits) {
        const core = new Core({ jobRetries: 0 });
        const worker = core.worker("f");
        const job = core.foreground(UNIQUE);
        core.grab(worker);
        const submitted = core.server.submit(aSpec({ ...UNIQUE, ...BACKGROUND }), core.peer());
        end(core, worker);
        expect(submitted).toMatchObject({ kind: "waiting", ticket: { state: "acknowledged" } });
        expect(commit(core, job)).toEqual({});
        expect(core.server.gauges.runnable).toBe(0);
      }
    });
  }

  it("dead: the background submit is acknowledged only when the store has it, and refused when it has not", () => {
    const settledBy = (commit: (core: Core, job: Job) => unknown) => {
      const core = new Core({ jobRetries: 0 });
      const worker = core.worker("f");
      const job = core.foreground(UNIQUE);
      core.grab(worker);
      core.pending(UNIQUE);
      expect(told(core.server.leave(worker))).toEqual({ ended: ["1 dead [2]"] });
      return commit(core, job);
    };
    expect(commits.map(settledBy)).toEqual([{ settled: ["3 acknowledged 1"] }, { settled: ["3 not stored 1"] }]);
  });

  it("a cancelled one that is not stored yet does not come back", () => {
    for (const commit of commits) {
      const core = new Core();
      const job = core.pending(UNIQUE);
      core.submit(UNIQUE);
      const outcome = core.server.cancel("1");
      expect(outcome === undefined ? {} : told(outcome)).toEqual({
        settled: ["1 acknowledged 1", "2 acknowledged 1"],
        ended: ["1 cancelled [2]"],
      });
      expect([commit(core, job), core.server.gauges.jobs, core.submit(BACKGROUND)]).toEqual([
        {},
        0,
        { waiting: "2", store: true },
      ]);
    }
  });

  it("so does a dropped one", () => {
    const core = new Core();
    const job = core.pending();
    const { outcome, ...counts } = core.server.dropFunction("f");
    expect([counts, told(outcome)]).toEqual([
      { dropped: 1, busy: 0 },
      { settled: ["1 acknowledged 1"], ended: ["1 cancelled []"] },
    ]);
    expect([told(core.server.commitSucceeded(job)), core.grab(core.worker("f"))]).toEqual([{}, "none"]);
  });
});
