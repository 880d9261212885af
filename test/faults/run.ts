/**
 * The long runs:
 *
 *     npm run faults -- --every              kill at every system call on the data directory; `--points 500`: at so many
 *     npm run faults -- --sync-errors 200    a sync or write that fails, at so many places
 *     npm run faults -- --no-room 100        no room for some writes, at so many places
 *     npm run faults -- --fills 100          fill a small disk and free it, so many times
 *     npm run faults -- --slow 500           so many foreground jobs while each sync takes two seconds
 *     npm run faults -- --flips 20000        so many spoilt copies in this process; `--daemon-flips 500` with the daemon
 *
 * `--seed` for others. A line each for progress, then a verdict as JSON. Ends with 1 if something was not kept.
 */
import { parseArgs } from "node:util";
import type { LongRun } from "./long-run.ts";
import { LONG_RUNS } from "./long-runs.ts";

const { values } = parseArgs({
  options: {
    every: { type: "boolean", default: false },
    points: { type: "string" },
    "sync-errors": { type: "string" },
    "no-room": { type: "string" },
    fills: { type: "string" },
    slow: { type: "string" },
    flips: { type: "string" },
    "daemon-flips": { type: "string" },
    seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
  },
});

const seed = Number(values.seed);
const wanted: Record<keyof typeof LONG_RUNS, string | undefined> = {
  points: values.every ? "Infinity" : values.points,
  "sync-errors": values["sync-errors"],
  "no-room": values["no-room"],
  fills: values.fills,
  slow: values.slow,
  flips: values.flips,
  "daemon-flips": values["daemon-flips"],
};

for (const [name, run] of Object.entries(LONG_RUNS) as [keyof typeof LONG_RUNS, LongRun][]) {
  const count = wanted[name];
  if (count === undefined) continue;
  const began = performance.now();
  const seconds = (): number => Math.round((performance.now() - began) / 1000);
  const { violations, ...figures } = await run(Number(count), seed, (text) =>
    console.log(`${name}: ${text}, ${seconds()} s`),
  );
  console.log(JSON.stringify({ run: name, seed, seconds: seconds(), ...figures, violations: violations.slice(0, 50) }));
  if (violations.length > 0) process.exitCode = 1;
}
