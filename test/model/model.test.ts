import fc from "fast-check";
import { expect, it } from "vitest";
import { type Command, session } from "./commands.ts";
import { Pair } from "./pair.ts";
import type { WorldOptions } from "./world.ts";

const { MODEL_RUNS = "300", MODEL_SEED = String(Date.now() % 2 ** 31) } = process.env;

const options: fc.Arbitrary<WorldOptions> = fc.record({
  jobRetries: fc.constantFrom(-1, -1, 0, 2),
  workerWakeup: fc.constantFrom(undefined, undefined, 0, 2),
  limits: fc.constantFrom({}, {}, { maxJobs: 5 }),
});

it("the job server does what the model does", { timeout: 24 * 3600_000 }, () => {
  const seen = new Set<Command["what"]>();
  let commands = 0;
  const property = fc.property(options, session, (some, happenings) => {
    const pair = new Pair(some);
    for (const command of happenings) {
      pair.run(command);
      seen.add(command.what);
      commands++;
    }
  });
  fc.assert(property, { numRuns: Number(MODEL_RUNS), seed: Number(MODEL_SEED) });
  console.log(`model: ${MODEL_RUNS} sessions, ${commands} commands, MODEL_SEED=${MODEL_SEED}`);
  expect(seen.size).toBe(17);
});
