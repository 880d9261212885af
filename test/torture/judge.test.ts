import { describe, expect, it } from "vitest";
import { Judge } from "./judge.ts";
import type { Assigned, Submitted, TortureRecord } from "./records.ts";
import type { Verdict } from "./verdict.ts";

const JOB = { function: "f", unique: "", reducer: "", workload: "w" };
const LIFE: TortureRecord = { what: "life", workers: 4 };
const DRAINED: TortureRecord = { what: "drained" };
const ALONE: TortureRecord = { what: "life", workers: 1 };

const submitted = (id: number, more: Partial<Submitted> = {}): TortureRecord => {
  const submit = { what: "submitted", id, connection: 1, background: true, priority: "normal", epoch: 0 } as const;
  return { ...submit, ...JOB, ...more };
};
const acknowledged = (id: number, handle: string): TortureRecord => ({ what: "acknowledged", id, handle });
const assigned = (handle: string, more: Partial<Assigned> = {}): TortureRecord => {
  return { what: "assigned", connection: 2, handle, at: 1000, ...JOB, ...more };
};
const completed = (handle: string, connection = 2): TortureRecord => {
  return { what: "completed", connection, handle, packet: "WORK_COMPLETE" };
};
const closed = (connection: number): TortureRecord => ({ what: "closed", connection });
const barrier = (id: number, connection = 2): TortureRecord => ({ what: "barrier", id, connection });
const passed = (id: number): TortureRecord => ({ what: "passed", id });
const refused = (id: number): TortureRecord => ({ what: "refused", id, error: "QUEUE_ERROR" });

/** A submit that was answered. */
const queued = (id: number, handle: string, more: Partial<Submitted> = {}): TortureRecord[] => [
  submitted(id, more),
  acknowledged(id, handle),
];
/** A worker got it and sent its end. */
const done = (handle: string, more: Partial<Assigned> = {}): TortureRecord[] => [
  assigned(handle, more),
  completed(handle),
];

function judge(...records: TortureRecord[]): Verdict {
  const it = new Judge();
  for (const record of [LIFE, ...records, DRAINED]) it.add(record);
  return it.verdict();
}

const SHARED = { unique: "u" };
const LATER = { epoch: 2000 };

describe("the judge of the torture", () => {
  it.each<[string, TortureRecord[]]>([
    ["a job that ended", [...queued(1, "H:a:1"), ...done("H:a:1")]],
    [
      "a job that ended before its acknowledgement was read",
      [submitted(1), ...done("H:a:1"), acknowledged(1, "H:a:1")],
    ],
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
      [
        ...queued(1, "H:a:1", SHARED),
        ...queued(2, "H:a:1", { ...SHARED, workload: "other" }),
        ...done("H:a:1", SHARED),
      ],
    ],
    [
      "a join to a job that nobody knows of",
      [submitted(1, SHARED), LIFE, ...queued(2, "H:a:1", { ...SHARED, workload: "other" }), ...done("H:a:1", SHARED)],
    ],
    [
      "joins by workload",
      [
        ...queued(1, "H:a:1", { unique: "-" }),
        ...queued(2, "H:a:1", { unique: "-" }),
        ...done("H:a:1", { unique: "-" }),
      ],
    ],
    [
      "a unique used again",
      [
        ...queued(1, "H:a:1", SHARED),
        ...done("H:a:1", SHARED),
        ...queued(2, "H:a:2", SHARED),
        ...done("H:a:2", SHARED),
      ],
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
  ])("finds nothing wrong with %s", (_what, records) => {
    expect(judge(...records)).toMatchObject({ violations: {}, examples: [] });
  });

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
  ])("finds %s", (_what, records, promise) => {
    const { violations, examples } = judge(...records);
    expect(violations).toEqual({ [promise]: 1 });
    expect(examples).toHaveLength(1);
  });

  it("does not call a job lost while the queue is not empty", () => {
    const it = new Judge();
    for (const record of [LIFE, ...queued(1, "H:a:1")]) it.add(record);
    expect(it.verdict().violations).toEqual({});
    it.add(DRAINED);
    expect(it.verdict().violations).toEqual({ lost: 1 });
  });

  it("counts", () => {
    const shared = [...queued(1, "H:a:1", SHARED), ...queued(2, "H:a:1", SHARED), ...done("H:a:1", SHARED)];
    const others = [...queued(3, "H:a:2"), ...queued(4, "H:a:3"), assigned("H:a:2", { connection: 3 })];
    const next = [ALONE, ...done("H:a:1", SHARED), ...done("H:a:2"), ...done("H:a:3"), barrier(5), passed(5)];
    const end = [barrier(8), passed(8)];
    expect(judge(...shared, ...others, submitted(6), submitted(7), refused(7), ...next, ...end)).toEqual({
      lives: 2,
      submitted: 6,
      acknowledged: 4,
      joined: 1,
      refused: 1,
      assigned: 5,
      completed: 4,
      durable: 3,
      repeated: 1,
      retried: 1,
      recovered: 1,
      ordered: 0,
      unknown: 1,
      violations: {},
      examples: [],
    });
  });

  it("knows handles apart over many daemons", () => {
    const many = Array.from({ length: 300 }, (_, nth) => `H:a:${nth * 70_000 + 1}`);
    const lives = many.flatMap((handle, id) => [
      LIFE,
      ...queued(id, handle),
      ...done(handle),
      barrier(id + 1000),
      passed(id + 1000),
    ]);
    const [first = ""] = many;
    expect(judge(...lives).violations).toEqual({});
    expect(judge(...lives, LIFE, assigned(first)).violations).toEqual({ again: 1 });
  });
});
