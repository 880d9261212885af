import { expect, it } from "vitest";
import { torture } from "./torture.ts";

const PATIENCE = 600_000;

/** The long runs are `npm run torture`. */
const CYCLES = 50;
/** The longest that a daemon lives here, milliseconds. */
const LONGEST = 600;

it(
  "loses no job that was acknowledged, and hands none out whose end was durable, however often the daemon is killed",
  async () => {
    const seed = Date.now() % 2 ** 31;
    console.log(`seed ${seed}`);
    const subject = { server: "gearmand-ts", queue: "data-dir", durability: undefined } as const;
    const verdict = await torture({ seed, subject, cycles: CYCLES, longest: LONGEST });
    expect(verdict).toMatchObject({ violations: {}, examples: [], refused: 0, lives: CYCLES + 1 });
    const { acknowledged, joined, durable, retried, recovered, ordered } = verdict;
    // Else there was nothing that could have gone wrong.
    expect(Math.min(acknowledged, joined, durable, retried, recovered, ordered)).toBeGreaterThan(0);
  },
  PATIENCE,
);
