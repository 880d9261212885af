import { describe, expect, it } from "vitest";
import type { Peer } from "../../src/core/peer.ts";
import { Core, told } from "../support/core-harness.ts";

/** Loses so many workers with the job that is there; what each loss told. */
function loseWorkers(core: Core, count: number, lose = (worker: Peer) => core.server.leave(worker)): unknown[] {
  return Array.from({ length: count }, () => {
    const worker = core.worker("f");
    core.grab(worker);
    return told(lose(worker));
  });
}

const requeued = { requeued: ["1"] };

describe("--job-retries", () => {
  it("-1: a job is run again without limit", () => {
    const core = new Core();
    const job = core.foreground();
    expect(loseWorkers(core, 50)).toEqual(Array(50).fill(requeued));
    expect([job.retries, core.server.counters.requeued]).toEqual([50, 50]);
  });

  it("0 and 1: a job is run once", () => {
    for (const jobRetries of [0, 1]) {
      const core = new Core({ jobRetries });
      core.foreground();
      expect(loseWorkers(core, 1)).toEqual([{ ended: ["1 dead [1]"] }]);
      expect([core.server.counters.dead, core.server.gauges.jobs]).toEqual([1, 0]);
    }
  });

  it("n: a job is run so many times", () => {
    const core = new Core({ jobRetries: 3 });
    core.foreground();
    expect(loseWorkers(core, 3)).toEqual([requeued, requeued, { ended: ["1 dead [1]"] }]);
  });

  it("CANT_DO and RESET_ABILITIES count as losses do", () => {
    const core = new Core({ jobRetries: 3 });
    core.background();
    expect(loseWorkers(core, 1, (worker) => core.server.cantDo(worker, "f"))).toEqual([requeued]);
    expect(loseWorkers(core, 1, (worker) => core.server.resetAbilities(worker))).toEqual([requeued]);
    expect(loseWorkers(core, 1)).toEqual([{ ended: ["1 dead []"] }]);
  });

  it("WORK_FAIL and WORK_EXCEPTION are final", () => {
    for (const how of ["failed", "exceptions"] as const) {
      const core = new Core();
      const worker = core.worker("f");
      core.foreground();
      core.grab(worker);
      expect([core.finish(worker, "1", how), core.server.gauges.jobs]).toEqual([{ clients: [2] }, 0]);
    }
  });

  it("a dead job's unique is free", () => {
    const core = new Core({ jobRetries: 0 });
    core.foreground({ unique: "u" });
    loseWorkers(core, 1);
    expect(core.submit({ unique: "u" })).toEqual({ created: "2" });
  });
});
