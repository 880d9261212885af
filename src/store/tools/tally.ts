import { type Found, type JobLine, type Judged, jobLine, judgeRow, named, priorityName } from "./job-line.ts";

type Counted = Exclude<Judged, { state: "damaged" }>;

/** Jobs of one function and priority. */
export interface JobCount extends Record<Counted["state"], number> {
  /** When it is text. */
  readonly function?: string;
  /** When it is not. */
  readonly functionBase64?: string;
  readonly priority: string | number;
}

/** Counts rows. */
export class Tally {
  readonly total: Record<Judged["state"], number> = { waiting: 0, delayed: 0, dead: 0, damaged: 0 };
  /** Rows that are not whole, with what can be read of them. */
  readonly damaged: JobLine[] = [];
  readonly #counts: Map<string, JobCount> = new Map();
  readonly #now: number;

  /** @param now wall time, seconds */
  constructor(now: number) {
    this.#now = now;
  }

  get rows(): number {
    return Object.values(this.total).reduce((sum, count) => sum + count, 0);
  }

  /** By function, and high before low. */
  get jobs(): readonly JobCount[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  }

  add(found: Found): void {
    const judged = judgeRow(found, this.#now);
    this.total[judged.state]++;
    if (judged.state === "damaged") this.damaged.push(jobLine(found, this.#now));
    else this.#countOf(judged)[judged.state]++;
  }

  #countOf({ job }: Counted): JobCount {
    const key = `${job.function}\0${job.priority}`;
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const names = { ...named("function", job.function), priority: priorityName(job.priority) };
    const count = { ...names, waiting: 0, delayed: 0, dead: 0 };
    this.#counts.set(key, count);
    return count;
  }
}
