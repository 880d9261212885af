import { expect, it } from "vitest";
import type { TortureRecord } from "./records.ts";
import {
  ALONE,
  acknowledged,
  assigned,
  barrier,
  closed,
  done,
  judge,
  LATER,
  LIFE,
  passed,
  queued,
  refused,
  SHARED,
  submitted,
} from "./testimony.ts";

it.each<[string, TortureRecord[], string]>([
  ["a lost job", queued(1, "H:a:1"), "lost"],
  ["a job lost with its daemon", [...queued(1, "H:a:1"), assigned("H:a:1"), LIFE], "lost"],
  ["a lost epoch job", queued(1, "H:a:1", LATER), "lost"],
  [
    "a background job lost with the client of a foreground one that it joined",
    [...queued(1, "H:a:1", { ...SHARED, background: false }), ...queued(2, "H:a:1", SHARED)],
    "lost",
  ],
  [
    "a join lost to a job that had come back",
    [...queued(1, "H:a:1", SHARED), ...done("H:a:1", SHARED), LIFE, ...queued(2, "H:a:1", SHARED)],
    "lost",
  ],
  [
    "an end that was durable by a barrier, and undone",
    [...queued(1, "H:a:1"), ...done("H:a:1"), barrier(2), passed(2), LIFE, assigned("H:a:1")],
    "again",
  ],
  [
    "an end that was durable by a submit, and undone",
    [
      ...queued(1, "H:a:1"),
      ...done("H:a:1"),
      ...queued(2, "H:a:2", { connection: 2 }),
      LIFE,
      assigned("H:a:1"),
      ...done("H:a:2"),
    ],
    "again",
  ],
  [
    "an end that was durable, and undone at once",
    [...queued(1, "H:a:1"), ...done("H:a:1"), barrier(2), passed(2), assigned("H:a:1")],
    "again",
  ],
  [
    "a durable end undone much later",
    [...queued(1, "H:a:1"), ...done("H:a:1"), barrier(2), passed(2), LIFE, LIFE, LIFE, assigned("H:a:1")],
    "again",
  ],
  [
    "two workers with one job",
    [...queued(1, "H:a:1"), assigned("H:a:1"), ...done("H:a:1", { connection: 3 })],
    "twice",
  ],
  [
    "a job that ended, handed out without a crash",
    [...queued(1, "H:a:1"), ...done("H:a:1"), assigned("H:a:1", { connection: 3 })],
    "twice",
  ],
  ["a handle for two jobs", [...queued(1, "H:a:1"), ...queued(2, "H:a:1"), ...done("H:a:1")], "reused"],
  [
    "a handle for two jobs of different functions",
    [...queued(1, "H:a:1", SHARED), ...queued(2, "H:a:1", { ...SHARED, function: "g" }), ...done("H:a:1", SHARED)],
    "reused",
  ],
  [
    "a handle for two workloads",
    [
      ...queued(1, "H:a:1", { unique: "-" }),
      ...queued(2, "H:a:1", { unique: "-", workload: "other" }),
      ...done("H:a:1", { unique: "-" }),
    ],
    "reused",
  ],
  [
    "a handle of a foreground job of the daemon before",
    [...queued(1, "H:a:1", { background: false }), LIFE, ...queued(2, "H:a:1", { background: false })],
    "reused",
  ],
  [
    "a handle of a job that had ended",
    [...queued(1, "H:a:1", SHARED), ...done("H:a:1", SHARED), barrier(3), passed(3), ...queued(2, "H:a:1", SHARED)],
    "reused",
  ],
  [
    "a handle of a job that had ended with an earlier daemon",
    [
      ...queued(1, "H:a:1", SHARED),
      ...done("H:a:1", SHARED),
      barrier(3),
      passed(3),
      LIFE,
      ...queued(2, "H:a:1", SHARED),
    ],
    "reused",
  ],
  ["another workload", [...queued(1, "H:a:1"), ...done("H:a:1", { workload: "other" })], "altered"],
  ["another function", [...queued(1, "H:a:1"), ...done("H:a:1", { function: "g" })], "altered"],
  ["another unique", [...queued(1, "H:a:1"), ...done("H:a:1", SHARED)], "altered"],
  ["another reducer", [...queued(1, "H:a:1", { reducer: "r" }), ...done("H:a:1")], "altered"],
  [
    "another workload after a crash",
    [...queued(1, "H:a:1"), assigned("H:a:1"), LIFE, ...done("H:a:1", { workload: "other" })],
    "altered",
  ],
  ["a job that nobody submitted", done("H:a:1"), "altered"],
  ["a job that was refused", [submitted(1), refused(1), ...done("H:a:1")], "altered"],
  ["one submit that became two jobs", [...queued(1, "H:a:1"), ...done("H:a:1"), LIFE, ...done("H:a:2")], "altered"],
  ["a job before its time", [...queued(1, "H:a:1", LATER), ...done("H:a:1", { at: 1999.9 })], "early"],
  [
    "a job before its time that others joined",
    [
      ...queued(1, "H:a:1", { ...SHARED, ...LATER }),
      ...queued(2, "H:a:1", { ...SHARED, workload: "other" }),
      ...done("H:a:1", SHARED),
    ],
    "early",
  ],
  [
    "jobs in a wrong order after a crash",
    [...queued(1, "H:a:1"), ...queued(2, "H:a:2"), ALONE, ...done("H:a:2"), ...done("H:a:1")],
    "order",
  ],
  [
    "a join lost to a job that was handed out again",
    [
      ...queued(1, "H:a:1", SHARED),
      ...done("H:a:1", SHARED),
      closed(2),
      assigned("H:a:1", { ...SHARED, connection: 3 }),
      ...queued(2, "H:a:1", SHARED),
    ],
    "lost",
  ],
  [
    "a handle for another job than was handed out",
    [submitted(1), submitted(2, { workload: "other" }), ...done("H:a:1"), acknowledged(2, "H:a:1")],
    "reused",
  ],
  [
    "the workload of another submit",
    [...queued(1, "H:a:1"), submitted(2, { workload: "other" }), ...done("H:a:1", { workload: "other" })],
    "altered",
  ],
  [
    "the workload of a join after that of the first",
    [
      ...queued(1, "H:a:1", SHARED),
      ...queued(2, "H:a:1", { ...SHARED, workload: "other" }),
      assigned("H:a:1", SHARED),
      LIFE,
      ...done("H:a:1", { ...SHARED, workload: "other" }),
    ],
    "altered",
  ],
  [
    "the workload of a join that nobody knows of after that of the first",
    [
      ...queued(1, "H:a:1", SHARED),
      submitted(2, { ...SHARED, workload: "other" }),
      assigned("H:a:1", SHARED),
      LIFE,
      ...done("H:a:1", { ...SHARED, workload: "other" }),
    ],
    "altered",
  ],
])("the judge of the torture finds %s", (_what, records, promise) => {
  const { violations, examples } = judge(...records);
  expect(violations).toEqual({ [promise]: 1 });
  expect(examples).toHaveLength(1);
});
