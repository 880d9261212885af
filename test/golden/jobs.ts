/** What is in the golden directories, as who submitted it knows it. */
export interface ExpectedJob {
  readonly handle: string;
  readonly function: string;
  readonly unique: string;
  readonly reducer: string;
  readonly priority: "high" | "normal" | "low";
  readonly epoch: number;
  /** As Latin-1, as all that is a string here. */
  readonly workload: string;
  readonly retries: number;
  readonly dead: boolean;
}

/** A job before it has a handle. */
export type Submit = Omit<ExpectedJob, "handle" | "retries" | "dead">;

const JOB: Submit = { function: "f", unique: "", reducer: "", priority: "normal", epoch: 0, workload: "x" };

/** Late in the year 2286: it is not due while anybody runs the tests. */
const LATE = 10_000_000_000;

const everyByte = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");

/** Of every kind one or two. */
export const SUBMITS: readonly Submit[] = [
  { ...JOB, workload: "first" },
  { ...JOB, priority: "high", unique: "one" },
  { ...JOB, priority: "low", unique: "two", workload: "" },
  { ...JOB, function: "late", unique: "three", epoch: LATE },
  { ...JOB, function: "map", unique: "four", reducer: "gather" },
  { ...JOB, function: "caf\xe9\t\x1b[31m", unique: "\xff\xfe", workload: everyByte },
  { ...JOB, function: "caf\xc3\xa9", unique: "-", workload: "the unique is the workload" },
  { ...JOB, function: "long", unique: "five", workload: "0123456789".repeat(600) },
];
