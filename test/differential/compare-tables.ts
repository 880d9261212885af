import { ghostId, isGhost } from "./avoid.ts";
import type { KnownJob } from "./known-job.ts";
import type { Ledger } from "./ledger.ts";
import type { Explain } from "./replies.ts";
import { type FunctionRow, type JobRow, plain, type Tables } from "./tables.ts";

/** What the tables of both servers say, without the differences of the list; line by line, sorted. */
export function levelTables(reference: Tables, ours: Tables, ledger: Ledger, explain: Explain): [string[], string[]] {
  const before = { reference, ours };
  const left = [...ledger.jobs.values()].filter((job) => isGhost(job, before) && wasLeft(job, reference));
  for (const job of left) explain(ghostId(job));
  const asked = [...ours.statuses.keys()].filter((handle) => !left.some((job) => job.handle === handle));
  const theirs = [
    ...[...reference.functions].map(([name, row]) => show(name, levelFunction(name, row, left, ledger, explain))),
    ...[...reference.jobs].flatMap(([handle, row]) =>
      levelJob(handle, row, ours.jobs.get(handle), left, ledger, explain),
    ),
    ...levelUniques(reference, left, ledger).map((unique) => `unique ${unique}`),
    ...reference.workers.map(({ id, functions }) => `worker ${id} : ${distinct(functions, explain).join(" ")}`),
    ...asked.map((handle) => `status of ${handle}: ${reference.statuses.get(handle)}`),
  ];
  const mine = [
    ...[...ours.functions].map(([name, row]) => show(name, row)),
    ...[...ours.jobs].map(([handle, row]) => showJob(handle, row)),
    ...ours.uniques.map((unique) => `unique ${unique}`),
    ...ours.workers.map(({ id, functions }) => `worker ${id} : ${functions.join(" ")}`),
    ...asked.map((handle) => `status of ${handle}: ${ours.statuses.get(handle)}`),
  ];
  return [theirs.sort(), mine.sort()];
}

const show = (name: string, { total, running, workers, waiting }: FunctionRow): string =>
  `function ${name}: ${total} jobs, ${running} running, ${waiting.join(" ")} waiting, ${workers} workers`;

const showJob = (handle: string, { retries, ignored, stored }: JobRow): string =>
  `job ${handle}: retries ${retries}${ignored ? ", ignored" : ""}${stored ? ", stored" : ""}`;

/** gearmand marks it as not to be run, and what we know of it agrees. */
function wasLeft(job: KnownJob, reference: Tables): boolean {
  return (
    reference.jobs.get(job.handle)?.ignored === true && job.worker === undefined && (job.cancelled || job.leftAlone)
  );
}

/** Without jobs that will not run, and with each worker counted once. */
function levelFunction(
  name: string,
  row: FunctionRow,
  left: readonly KnownJob[],
  ledger: Ledger,
  explain: Explain,
): FunctionRow {
  const here = left.filter((job) => plain(job.function) === name);
  const waiting = row.waiting.map((jobs, priority) => jobs - here.filter((job) => job.priority === priority).length);
  const twice = [...ledger.parties()].reduce((sum, [, { abilities }]) => sum + repeats(abilities, name), 0);
  if (twice > 0) explain("can-do-twice");
  return { total: row.total - here.length, running: row.running, workers: row.workers - twice, waiting };
}

const repeats = (abilities: readonly string[], name: string): number =>
  Math.max(0, abilities.filter((ability) => plain(ability) === name).length - 1);

/** As ours would show it, if a difference of the list explains that it does not. */
function levelJob(
  handle: string,
  row: JobRow,
  ours: JobRow | undefined,
  left: readonly KnownJob[],
  ledger: Ledger,
  explain: Explain,
): string[] {
  const job = ledger.jobs.get(handle);
  if (left.some((ghost) => ghost === job)) return [];
  if (ours === undefined || job === undefined) return [showJob(handle, row)];
  const promoted = ours.stored && !row.stored && job.background && (!job.madeInBackground || job.leftAlone);
  const revived = row.ignored && !ours.ignored && job.leftAlone && (job.background || job.clients.length > 0);
  if (promoted || revived) explain(job.background ? "background-stays" : "abandoned-removed");
  return [showJob(handle, { ...row, ignored: row.ignored && !revived, stored: row.stored || promoted })];
}

function levelUniques({ uniques }: Tables, left: readonly KnownJob[], ledger: Ledger): string[] {
  const rest = [...uniques];
  for (const { unique } of left) rest.splice(rest.indexOf(unique.slice(0, 63)), 1);
  for (const { unique } of ledger.jobs.values()) {
    const at = rest.indexOf(unique.slice(0, 63));
    if (unique.length === 64 && at >= 0) rest[at] = unique;
  }
  return rest;
}

function distinct(functions: readonly string[], explain: Explain): string[] {
  const once = [...new Set(functions)];
  if (once.length < functions.length) explain("can-do-twice");
  return once;
}
