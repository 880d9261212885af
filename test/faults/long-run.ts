export interface Verdict extends Readonly<Record<string, unknown>> {
  /** What was promised and not kept; empty is good. */
  readonly violations: readonly string[];
}

/** Does something so many times, and tells how far it is. */
export type LongRun = (count: number, seed: number, progress: (text: string) => void) => Promise<Verdict>;
