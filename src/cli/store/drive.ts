import { setImmediate } from "node:timers/promises";
import type { Bars, Progress } from "../gearman/bars.ts";

/** How long work may keep the program from all else, milliseconds. */
const SPELL = 20;

/** Does work that comes in steps, and lets a progress bar be drawn in between. Returns what the work returns. */
export async function drive<Step, Result>(
  work: Generator<Step, Result>,
  take: (step: Step) => void | Promise<void>,
): Promise<Result> {
  let since = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    const waits = take(value);
    if (waits !== undefined) await waits;
    if (performance.now() - since < SPELL) continue;
    await setImmediate();
    since = performance.now();
  }
}

/** A bar that counts what is done. */
export function counter(bars: Bars | undefined, label: string, all: number): () => void {
  const key = {};
  let done = 0;
  return () => bars?.set(key, { label, numerator: ++done, denominator: all } satisfies Progress);
}
