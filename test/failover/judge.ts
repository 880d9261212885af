import type { JobKind, JobRecord } from "./records.ts";

export interface Verdict {
  /** What was promised and not kept; empty is good. */
  readonly violations: readonly string[];
  readonly jobs: number;
  /** How many jobs had which outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Jobs that were submitted more than once. */
  readonly resubmitted: number;
  /** Jobs that were run more than once. */
  readonly repeated: number;
  /** The longest that a job took, milliseconds. */
  readonly slowest: number;
}

interface Story {
  kind: JobKind | undefined;
  readonly runs: string[];
  readonly outcomes: Outcome[];
}

type Outcome = Extract<JobRecord, { what: "outcome" }>;

/** Which outcomes are promised when servers and workers die. */
const PROMISED: Readonly<Record<JobKind, readonly string[]>> = {
  result: ["result"],
  once: ["result", "LOST"],
  streamed: ["result", "LOST"],
  background: ["acknowledged"],
};

/** What a worker sends before its result. */
export const PARTS = 3;

/**
 * Looks at what each job was promised and what became of it; never asks a server.
 *
 * @param workersDie a server gives the job of a dead worker to another, and tells nobody: the caller then sees the data of both
 */
export function judge(records: Iterable<JobRecord>, workersDie: boolean): Verdict {
  const stories = tell(records);
  const ends = [...stories.values()].flatMap(({ outcomes }) => outcomes);
  return {
    violations: [...stories].flatMap(([id, story]) => wrongs(story, workersDie).map((wrong) => `${id}: ${wrong}`)),
    jobs: stories.size,
    outcomes: count(ends.map(({ outcome }) => outcome)),
    resubmitted: ends.filter(({ attempts }) => attempts > 1).length,
    repeated: [...stories.values()].filter(({ runs }) => runs.length > 1).length,
    slowest: ends.reduce((slowest, { took }) => Math.max(slowest, took), 0),
  };
}

function tell(records: Iterable<JobRecord>): Map<string, Story> {
  const stories = new Map<string, Story>();
  for (const record of records) {
    const story = stories.get(record.id) ?? { kind: undefined, runs: [], outcomes: [] };
    stories.set(record.id, story);
    if (record.what === "submitted") story.kind = record.kind;
    else if (record.what === "run") story.runs.push(record.run);
    else story.outcomes.push(record);
  }
  return stories;
}

function wrongs({ kind, runs, outcomes }: Story, workersDie: boolean): string[] {
  if (kind === undefined) return ["was run, or had an outcome, but was never submitted"];
  const [end] = outcomes;
  if (end === undefined || outcomes.length > 1) return [`had ${outcomes.length} outcomes`];
  const wrong = [];
  if (!PROMISED[kind].includes(end.outcome)) wrong.push(`of kind ${kind} ended with ${end.outcome}`);
  if (end.outcome === "result" && !runs.includes(end.run)) wrong.push("had a result, but of no run");
  if (kind === "once" && end.attempts > 1) wrong.push(`was submitted ${end.attempts} times, but once was asked for`);
  if (kind === "streamed") wrong.push(...wrongsOfData(end, workersDie));
  return wrong;
}

function wrongsOfData({ outcome, run, seen }: Outcome, workersDie: boolean): string[] {
  if (outcome !== "result")
    return seen.length === 0 ? ["was given up, though none of its data had reached the caller"] : [];
  const wrong = [];
  if (seen.filter((part) => part === run).length !== PARTS)
    wrong.push("had not all data of the run that gave the result");
  if (seen.some((part) => part !== run) && !workersDie) wrong.push("mixed the data of several runs");
  return wrong;
}

function count(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
