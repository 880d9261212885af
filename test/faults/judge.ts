import { FAR, idIn, workloadOf } from "./job.ts";
import type { Account, Ledger } from "./ledger.ts";

/** A job as a worker was given it. */
export interface GivenJob {
  readonly handle: string;
  readonly function: string;
  readonly unique: string;
  readonly reducer: string;
  readonly workload: string;
}

/** What a server gave after a crash, until nothing was left. */
export interface Recovery {
  /** In the order they were given. */
  readonly given: readonly GivenJob[];
  /** Handles of jobs that it has and that are not due. */
  readonly waiting: ReadonlySet<string>;
  /** Handles of jobs submitted after the crash. */
  readonly fresh: readonly string[];
}

export interface Judgement {
  /** What was promised and not kept; empty is good. */
  readonly violations: readonly string[];
  /** Jobs given again whose end was sent, but not yet known to be stored. */
  readonly repeats: number;
  /** Jobs that were there though nobody was told so. */
  readonly unanswered: number;
}

/** Compares what a server gave with what was promised; never asks a server. */
export function judge(ledger: Ledger, recovery: Recovery): Judgement {
  const found = match(ledger, recovery.given);
  const violations = [
    ...lost(ledger, recovery),
    ...strangers(recovery.given, found),
    ...twice(recovery.given),
    ...[...found].flatMap(([given, account]) => [...wrongs(given, account), ...unasked(ledger, account)]),
    ...outOfOrder([...found.values()]),
    ...oldHandles(ledger, recovery),
  ];
  const accounts = [...found.values()];
  return {
    violations,
    repeats: accounts.filter(({ end }) => end === "sent").length,
    unanswered: accounts.filter(({ handle }) => handle === undefined).length,
  };
}

/** Whose jobs they are: by handle, or by what is in them if the answer to the submit never came. */
function match(ledger: Ledger, given: readonly GivenJob[]): Map<GivenJob, Account> {
  const found = new Map<GivenJob, Account>();
  for (const job of given) {
    const account = ledger.owner(job.handle) ?? unanswered(ledger, job);
    if (account !== undefined) found.set(job, account);
  }
  return found;
}

function unanswered(ledger: Ledger, { workload, unique }: GivenJob): Account | undefined {
  const id = workload === "" ? Number(unique.replace("empty-", "")) : idIn(workload);
  const account = ledger.accounts.get(id);
  return account?.handle === undefined ? account : undefined;
}

function* lost(ledger: Ledger, { given, waiting }: Recovery): Iterable<string> {
  const there = new Set([...given.map(({ handle }) => handle), ...waiting]);
  for (const handle of ledger.open()) if (!there.has(handle)) yield `${handle} was acknowledged, and is lost`;
}

function* strangers(given: readonly GivenJob[], found: ReadonlyMap<GivenJob, Account>): Iterable<string> {
  for (const job of given) if (!found.has(job)) yield `${job.handle} is a job that nobody submitted, or not alone`;
}

function* twice(given: readonly GivenJob[]): Iterable<string> {
  const seen = new Set<string>();
  for (const { handle } of given) {
    if (seen.has(handle)) yield `${handle} was given twice, though it was completed`;
    seen.add(handle);
  }
}

function* wrongs(given: GivenJob, { job, end, refused }: Account): Iterable<string> {
  if (end === "durable") yield `${given.handle} was over and that was stored, and it came back`;
  if (refused) yield `${given.handle} was refused, and came`;
  if (job.epoch === FAR) yield `${given.handle} came before its time`;
  for (const field of ["function", "unique", "reducer"] as const)
    if (given[field] !== job[field]) yield `${given.handle} came with the ${field} ${given[field]}, not ${job[field]}`;
  if (given.workload !== workloadOf(job)) yield `${given.handle} came with a wrong workload`;
}

/** A foreground job is kept only if it was promoted, or may have been by a submit that was not answered. */
function* unasked({ accounts }: Ledger, { job, kept, handle }: Account): Iterable<string> {
  if (kept || job.background) return;
  const promoted = [...accounts.values()].some(
    (other) => other.job.background && other.handle === undefined && other.job.unique === job.unique,
  );
  if (!promoted) yield `${handle} was in the foreground, and came`;
}

const RANKS = { high: 0, normal: 1, low: 2 };

/** By function and priority as accepted; a job that was given before has gone to the tail. One connection's submits are accepted in order. */
function* outOfOrder(accounts: readonly Account[]): Iterable<string> {
  const last = new Map<string, number>();
  const rank = new Map<string, number>();
  for (const { job, from, starts } of accounts) {
    if (starts > 0) continue;
    const line = `${job.function} ${job.priority} ${from}`;
    if (job.id < (last.get(line) ?? -1)) yield `job ${job.id} came after ${last.get(line)}, which was submitted later`;
    last.set(line, job.id);
    if (RANKS[job.priority] < (rank.get(job.function) ?? 0)) yield `job ${job.id} came after one of lower priority`;
    rank.set(job.function, RANKS[job.priority]);
  }
}

function* oldHandles(ledger: Ledger, { given, waiting, fresh }: Recovery): Iterable<string> {
  const taken = new Set([...given.map(({ handle }) => handle), ...waiting]);
  for (const handle of fresh)
    if (taken.has(handle) || ledger.owner(handle) !== undefined) yield `${handle} was given to a second job`;
}
