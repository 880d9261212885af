/** What an import did, or would do, for people and for programs. */
import type { JobSpecRecord } from "../../core/job.ts";
import { PRIORITIES, type Priority } from "../../core/types.ts";
import { escapeControls } from "../../lib/escape.ts";
import { named, printedLine } from "../../store/tools/job-line.ts";
import { aligned, counted } from "../store/print.ts";

/** THE table of reasons why a row is left out. */
export const LEFT_OUT = {
  there: "DIR has a job with its function and unique (or, where that names none, with its workload) already",
  damaged: "it is damaged, or can be no job",
} as const;

export type Reason = keyof typeof LEFT_OUT;

interface LeftOut {
  readonly row: number;
  readonly why: Reason;
  readonly job: JobSpecRecord | undefined;
}

/** Rows that are named for people; programs get all of them. */
const NAMED = 20;

export class Account {
  readonly #counts: Map<string, number[]> = new Map();
  readonly #leftOut: LeftOut[] = [];
  imported = 0;

  get complete(): boolean {
    return this.#leftOut.length === 0;
  }

  take({ function: fn, priority }: JobSpecRecord): void {
    const counts = this.#counts.get(fn) ?? PRIORITIES.map(() => 0);
    counts[priority] = (counts[priority] ?? 0) + 1;
    this.#counts.set(fn, counts);
    this.imported++;
  }

  leaveOut(row: number, why: Reason, job?: JobSpecRecord): void {
    this.#leftOut.push({ row, why, job });
  }

  forPeople(): string {
    const rows = [...this.#counts].map(([fn, counts]) => [shown(fn), ...counts]);
    const table = rows.length === 0 ? "" : aligned(["FUNCTION", "HIGH", "NORMAL", "LOW"], rows);
    return table + (Object.keys(LEFT_OUT) as Reason[]).map((why) => this.#reason(why)).join("");
  }

  forPrograms(about: object): string {
    const jobs = [...this.#counts].map(([fn, counts]) => ({ ...named("function", fn), ...byName(counts) }));
    const leftOut = this.#leftOut.map(({ row, why, job }) => ({ row, why, ...(job && namesOf(job)) }));
    return printedLine({ ...about, imported: this.imported, jobs, leftOut });
  }

  #reason(why: Reason): string {
    const rows = this.#leftOut.filter((one) => one.why === why);
    if (rows.length === 0) return "";
    const lines = rows.slice(0, NAMED).map(({ row, job }) => `  row ${row}${job ? `: ${textOf(job)}` : ""}\n`);
    const more = rows.length > NAMED ? `  and ${rows.length - NAMED} more; --json names all\n` : "";
    return [`left out: ${counted(rows.length, "row")}: ${LEFT_OUT[why]}\n`, ...lines, more].join("");
  }
}

const shown = (name: string): string => escapeControls(Buffer.from(name, "latin1").toString("utf8"));

const textOf = ({ function: fn, unique }: JobSpecRecord): string =>
  `function ${shown(fn)}, ${unique === "" ? "no unique" : `unique ${shown(unique)}`}`;

const namesOf = ({ function: fn, unique }: JobSpecRecord): object => ({
  ...named("function", fn),
  ...named("unique", unique),
});

const byName = (counts: readonly number[]): Record<"high" | "normal" | "low", number> => {
  const of = (priority: Priority): number => counts[priority] ?? 0;
  return { high: of(0), normal: of(1), low: of(2) };
};
