import type { Scenario } from "./scenarios.ts";
import type { Point } from "./strace.ts";
import { type Afterwards, strike } from "./strike.ts";

/** What came of many kills. */
export interface Kills {
  readonly violations: readonly string[];
  /** Other points were not reached: how jobs fall into commits differs from run to run. */
  readonly killed: number;
  readonly repeats: number;
  readonly unanswered: number;
}

/** Plays the scenario once for each point, and kills the daemon there. */
export async function killAt(
  scenario: Scenario,
  points: readonly Point[],
  after: Afterwards,
  onPoint: (nth: number) => void = () => {},
): Promise<Kills> {
  const violations: string[] = [];
  const counts = { killed: 0, repeats: 0, unanswered: 0 };
  for (const [index, point] of points.entries()) {
    onPoint(index + 1);
    const place = `${scenario.name}, ${point.call} ${point.nth} on ${point.file || "the directory"}`;
    const { exit, ...judgement } = await strike(scenario, point, "signal=KILL", after);
    if (exit.signal === "SIGKILL") counts.killed++;
    else if (exit.code !== 0) violations.push(`${place}: it ended with ${exit.code ?? exit.signal}`);
    violations.push(...judgement.violations.map((violation) => `${place}: ${violation}`));
    counts.repeats += judgement.repeats;
    counts.unanswered += judgement.unanswered;
  }
  return { violations, ...counts };
}
