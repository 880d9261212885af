import { describe, expect, it } from "vitest";
import { FAR, type SentJob, sentJob, workloadOf } from "./job.ts";
import { type GivenJob, judge, type Recovery } from "./judge.ts";
import { Ledger } from "./ledger.ts";

/** A ledger in which these jobs were acknowledged with `H:id`, sent on one connection. */
function ledgerOf(...jobs: SentJob[]): Ledger {
  const ledger = new Ledger();
  for (const job of jobs) ledger.created(ledger.submitted(job, "client"), `H:${job.id}`);
  return ledger;
}

const given = (job: SentJob, special: Partial<GivenJob> = {}): GivenJob => ({
  handle: `H:${job.id}`,
  function: job.function,
  unique: job.unique,
  reducer: job.reducer,
  workload: workloadOf(job),
  ...special,
});

const recovery = (...jobs: GivenJob[]): Recovery => ({ given: jobs, waiting: new Set(), fresh: [] });

const [one, two] = [sentJob(1), sentJob(2)];
const far = sentJob(3, { epoch: FAR });
const foreground = sentJob(4, { background: false, unique: "u" });
const promoter = sentJob(5, { unique: "u" });

describe("the judge finds nothing wrong", () => {
  it("with all jobs there, in order", () => {
    const judgement = judge(ledgerOf(one, two), recovery(given(one), given(two)));
    expect(judgement).toEqual({ violations: [], repeats: 0, unanswered: 0 });
  });

  it("with a job that waits for its time, and one that is over", () => {
    const ledger = ledgerOf(one, far);
    ledger.ended("H:1");
    ledger.durable(["H:1"]);
    expect(judge(ledger, { ...recovery(), waiting: new Set(["H:3"]), fresh: ["H:9"] }).violations).toEqual([]);
  });

  it("with a repeat of an end that was not known to be stored, and counts it", () => {
    const ledger = ledgerOf(one);
    ledger.started("H:1");
    ledger.ended("H:1");
    expect(judge(ledger, recovery(given(one)))).toEqual({ violations: [], repeats: 1, unanswered: 0 });
  });

  it("with a job whose submit was not answered, there or not, and counts it", () => {
    const ledger = new Ledger();
    ledger.submitted(one, "client");
    ledger.submitted(sentJob(2, { size: 0, unique: "empty-2" }), "client");
    const empty = given(sentJob(2, { size: 0, unique: "empty-2" }));
    expect(judge(ledger, recovery(given(one), empty))).toEqual({ violations: [], repeats: 0, unanswered: 2 });
    expect(judge(ledger, recovery()).violations).toEqual([]);
  });

  it("with a foreground job that was promoted, or may have been", () => {
    const ledger = ledgerOf(foreground);
    const account = ledger.submitted(promoter, "client");
    expect(judge(ledger, recovery(given(foreground))).violations).toEqual([]);
    ledger.created(account, "H:4");
    expect(judge(ledger, recovery(given(foreground))).violations).toEqual([]);
    expect(judge(ledger, recovery()).violations).toEqual(["H:4 was acknowledged, and is lost"]);
  });

  it("with a job at the tail that was given before", () => {
    const ledger = ledgerOf(one, two);
    ledger.started("H:1");
    expect(judge(ledger, recovery(given(two), given(one))).violations).toEqual([]);
  });
});

describe("the judge finds", () => {
  it.each<[string, Recovery, string]>([
    ["a loss", recovery(given(two)), "H:1 was acknowledged, and is lost"],
    ["a job twice", recovery(given(one), given(one), given(two)), "H:1 was given twice, though it was completed"],
    [
      "a stranger",
      recovery(given(one), given(two), given(sentJob(7))),
      "H:7 is a job that nobody submitted, or not alone",
    ],
    ["a wrong function", recovery(given(one, { function: "x" }), given(two)), "H:1 came with the function x, not f"],
    ["a wrong unique", recovery(given(one, { unique: "x" }), given(two)), "H:1 came with the unique x, not "],
    ["a wrong reducer", recovery(given(one, { reducer: "x" }), given(two)), "H:1 came with the reducer x, not "],
    ["a wrong workload", recovery(given(one, { workload: "1:" }), given(two)), "H:1 came with a wrong workload"],
    [
      "another's workload",
      recovery(given(one, { workload: workloadOf(two) }), given(two)),
      "H:1 came with a wrong workload",
    ],
    ["a wrong order", recovery(given(two), given(one)), "job 1 came after 2, which was submitted later"],
    ["an old handle", { ...recovery(given(one), given(two)), fresh: ["H:2"] }, "H:2 was given to a second job"],
  ])("%s", (_what, found, violation) => {
    expect(judge(ledgerOf(one, two), found).violations).toContain(violation);
  });

  it("a wrong order of priorities", () => {
    const low = sentJob(1, { priority: "low" });
    const violation = "job 2 came after one of lower priority";
    expect(judge(ledgerOf(low, two), recovery(given(low), given(two))).violations).toEqual([violation]);
  });

  it("a job that came back", () => {
    const ledger = ledgerOf(one);
    ledger.ended("H:1");
    ledger.durable(["H:1"]);
    expect(judge(ledger, recovery(given(one))).violations).toEqual([
      "H:1 was over and that was stored, and it came back",
    ]);
  });

  it("a job that was refused", () => {
    const ledger = new Ledger();
    ledger.submitted(one, "client").refused = true;
    expect(judge(ledger, recovery(given(one))).violations).toEqual(["H:1 was refused, and came"]);
  });

  it("a job before its time, and one that was only in the foreground", () => {
    expect(judge(ledgerOf(far), recovery(given(far))).violations).toEqual(["H:3 came before its time"]);
    expect(judge(ledgerOf(foreground), recovery(given(foreground))).violations).toEqual([
      "H:4 was in the foreground, and came",
    ]);
  });
});
