import { describe, expect, it } from "vitest";
import { judge } from "./judge.ts";
import type { JobKind, JobRecord } from "./records.ts";

const submitted = (kind: JobKind): JobRecord => ({ what: "submitted", id: "j", kind });
const run = (name: string): JobRecord => ({ what: "run", id: "j", run: name });
const outcome = (what: string, more: { run?: string; seen?: string[]; attempts?: number } = {}): JobRecord => ({
  what: "outcome",
  id: "j",
  outcome: what,
  run: "",
  seen: [],
  attempts: 1,
  took: 1,
  ...more,
});

const wrongs = (records: JobRecord[], workersDie = false): readonly string[] => judge(records, workersDie).violations;

describe("the judge", () => {
  it.each<[string, JobRecord[]]>([
    ["a result of a run", [submitted("result"), run("a"), outcome("result", { run: "a" })]],
    ["a second run", [submitted("result"), run("a"), run("b"), outcome("result", { run: "b", attempts: 2 })]],
    ["a job that was lost, as was asked for", [submitted("once"), outcome("LOST")]],
    ["data that ended in a loss", [submitted("streamed"), run("a"), outcome("LOST", { seen: ["a"] })]],
    ["all data", [submitted("streamed"), run("a"), outcome("result", { run: "a", seen: ["a", "a", "a"] })]],
    ["an acknowledged job", [submitted("background"), outcome("acknowledged")]],
  ])("finds nothing wrong with %s", (_what, records) => {
    expect(wrongs(records)).toEqual([]);
  });

  it.each<[string, JobRecord[], string]>([
    ["no outcome", [submitted("result"), run("a")], "j: had 0 outcomes"],
    ["two outcomes", [submitted("once"), outcome("LOST"), outcome("LOST")], "j: had 2 outcomes"],
    ["a job nobody submitted", [run("a")], "j: was run, or had an outcome, but was never submitted"],
    ["an outcome not promised", [submitted("result"), outcome("LOST")], "j: of kind result ended with LOST"],
    ["a result from nowhere", [submitted("result"), outcome("result", { run: "a" })], "j: had a result, but of no run"],
    [
      "a second attempt where one was asked for",
      [submitted("once"), outcome("LOST", { attempts: 2 })],
      "j: was submitted 2 times, but once was asked for",
    ],
    [
      "a loss without need",
      [submitted("streamed"), outcome("LOST")],
      "j: was given up, though none of its data had reached the caller",
    ],
    [
      "missing data",
      [submitted("streamed"), run("a"), outcome("result", { run: "a", seen: ["a"] })],
      "j: had not all data of the run that gave the result",
    ],
    [
      "mixed data",
      [submitted("streamed"), run("a"), run("b"), outcome("result", { run: "b", seen: ["a", "b", "b", "b"] })],
      "j: mixed the data of several runs",
    ],
  ])("finds %s", (_what, records, violation) => {
    expect(wrongs(records)).toEqual([violation]);
  });

  it("knows that a server tells nobody of a dead worker", () => {
    const seen = ["a", "b", "b", "b"];
    const records = [submitted("streamed"), run("a"), run("b"), outcome("result", { run: "b", seen })];
    expect(wrongs(records, true)).toEqual([]);
  });

  it("counts", () => {
    const { jobs, outcomes, resubmitted, repeated, slowest } = judge(
      [submitted("result"), run("a"), run("b"), outcome("result", { run: "b", attempts: 2 })],
      false,
    );
    expect({ jobs, outcomes, resubmitted, repeated, slowest }).toEqual({
      jobs: 1,
      outcomes: { result: 1 },
      resubmitted: 1,
      repeated: 1,
      slowest: 1,
    });
  });
});
