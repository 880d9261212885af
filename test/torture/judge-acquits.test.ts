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

it.each<[string, TortureRecord[]]>([
  ["a job that ended", [...queued(1, "H:a:1"), ...done("H:a:1")]],
  ["a job that ended before its acknowledgement was read", [submitted(1), ...done("H:a:1"), acknowledged(1, "H:a:1")]],
  ["a job that ended with the next daemon", [...queued(1, "H:a:1"), LIFE, ...done("H:a:1")]],
  [
    "a job whose worker left",
    [...queued(1, "H:a:1"), assigned("H:a:1"), closed(2), ...done("H:a:1", { connection: 3 })],
  ],
  ["a job whose worker's daemon died", [...queued(1, "H:a:1"), assigned("H:a:1"), LIFE, ...done("H:a:1")]],
  ["an end that a crash took", [...queued(1, "H:a:1"), ...done("H:a:1"), LIFE, ...done("H:a:1")]],
  [
    "an end that went with its worker",
    [...queued(1, "H:a:1"), ...done("H:a:1"), closed(2), assigned("H:a:1", { connection: 3 })],
  ],
  ["a barrier that was not passed", [...queued(1, "H:a:1"), ...done("H:a:1"), barrier(2), LIFE, assigned("H:a:1")]],
  [
    "an end after the barrier",
    [...queued(1, "H:a:1"), barrier(2), ...done("H:a:1"), passed(2), LIFE, assigned("H:a:1")],
  ],
  [
    "a barrier of another connection",
    [...queued(1, "H:a:1"), ...done("H:a:1"), barrier(2, 3), passed(2), LIFE, assigned("H:a:1")],
  ],
  [
    "a foreground submit behind an end, which says nothing of commits",
    [
      ...queued(1, "H:a:1"),
      ...done("H:a:1"),
      ...queued(2, "H:a:2", { connection: 2, background: false }),
      LIFE,
      assigned("H:a:1"),
    ],
  ],
  ["a refused submit", [submitted(1), refused(1)]],
  [
    "a refused submit behind an end",
    [...queued(1, "H:a:1"), ...done("H:a:1"), submitted(2, { connection: 2 }), refused(2), LIFE, assigned("H:a:1")],
  ],
  ["a foreground job that went with its daemon", [...queued(1, "H:a:1", { background: false })]],
  ["a submit that nobody knows of, run", [submitted(1), LIFE, ...done("H:a:1")]],
  ["a submit that nobody knows of, not run", [submitted(1), LIFE]],
  [
    "a join",
    [...queued(1, "H:a:1", SHARED), ...queued(2, "H:a:1", { ...SHARED, workload: "other" }), ...done("H:a:1", SHARED)],
  ],
  [
    "a join to a job that nobody knows of",
    [submitted(1, SHARED), LIFE, ...queued(2, "H:a:1", { ...SHARED, workload: "other" }), ...done("H:a:1", SHARED)],
  ],
  [
    "joins by workload",
    [...queued(1, "H:a:1", { unique: "-" }), ...queued(2, "H:a:1", { unique: "-" }), ...done("H:a:1", { unique: "-" })],
  ],
  [
    "a unique used again",
    [...queued(1, "H:a:1", SHARED), ...done("H:a:1", SHARED), ...queued(2, "H:a:2", SHARED), ...done("H:a:2", SHARED)],
  ],
  [
    "a join that was under way when the end was sent",
    [
      ...queued(1, "H:a:1", SHARED),
      submitted(2, SHARED),
      ...done("H:a:1", SHARED),
      barrier(3),
      passed(3),
      acknowledged(2, "H:a:1"),
    ],
  ],
  ["a time that came", [...queued(1, "H:a:1", LATER), ...done("H:a:1", { at: 2000 })]],
  [
    "a join to a job whose time had come",
    [submitted(1, SHARED), ...queued(2, "H:a:1", { ...SHARED, ...LATER }), ...done("H:a:1", SHARED)],
  ],
  [
    "the order of two functions",
    [
      ...queued(1, "H:a:1"),
      ...queued(2, "H:a:2", { function: "g" }),
      ALONE,
      ...done("H:a:2", { function: "g" }),
      ...done("H:a:1"),
    ],
  ],
  [
    "the order of two priorities",
    [...queued(1, "H:a:1"), ...queued(2, "H:a:2", { priority: "high" }), ALONE, ...done("H:a:2"), ...done("H:a:1")],
  ],
  [
    "the order over several workers",
    [...queued(1, "H:a:1"), ...queued(2, "H:a:2"), LIFE, ...done("H:a:2"), ...done("H:a:1")],
  ],
  [
    "the order of what was tried before",
    [...queued(1, "H:a:1"), ...queued(2, "H:a:2"), assigned("H:a:1"), ALONE, ...done("H:a:2"), ...done("H:a:1")],
  ],
  [
    "the order of times",
    [...queued(1, "H:a:1", { epoch: 500 }), ...queued(2, "H:a:2"), ALONE, ...done("H:a:2"), ...done("H:a:1")],
  ],
  [
    "the order of a job that others joined",
    [
      ...queued(1, "H:a:1", SHARED),
      ...queued(2, "H:a:1", SHARED),
      ...queued(3, "H:a:2"),
      ALONE,
      ...done("H:a:2"),
      ...done("H:a:1", SHARED),
    ],
  ],
  [
    "the order of a foreground job that somebody may have joined",
    [
      ...queued(1, "H:a:1", { ...SHARED, background: false }),
      submitted(2, { ...SHARED, workload: "other" }),
      ...queued(3, "H:a:2"),
      ALONE,
      ...done("H:a:2"),
      ...done("H:a:1", SHARED),
    ],
  ],
  [
    "the order of jobs joined by workload",
    [
      ...queued(1, "H:a:1", { unique: "-" }),
      ...queued(2, "H:a:2"),
      ALONE,
      ...done("H:a:2"),
      ...done("H:a:1", { unique: "-" }),
    ],
  ],
])("the judge of the torture finds nothing wrong with %s", (_what, records) => {
  expect(judge(...records)).toMatchObject({ violations: {}, examples: [] });
});
