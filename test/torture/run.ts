/**
 * The long run: `npm run torture -- --cycles 1000`; `--seed` for the same faults again, `--server gearmand` for the server that is the
 * reference, `--queue libsqlite3` for its table, `--durability` for a mode.
 * It ends at the first broken promise, unless told to `--go-on`. A line for each ten cycles, at the end a verdict as JSON.
 * Ends with 1 if a promise was not kept.
 */
import { parseArgs } from "node:util";
import type { Subject } from "./daemon.ts";
import { torture } from "./torture.ts";

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "100" },
    seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
    server: { type: "string", default: "gearmand-ts" },
    queue: { type: "string" },
    durability: { type: "string" },
    "go-on": { type: "boolean", default: false },
    longest: { type: "string", default: "2000" },
  },
});

const seed = Number(values.seed);
const { server, durability, queue = server === "gearmand" ? "libsqlite3" : "data-dir" } = values;
const subject = { server, queue, durability } as Subject;
const began = performance.now();
const seconds = (): number => Math.round((performance.now() - began) / 1000);

const verdict = await torture({
  seed,
  subject,
  cycles: Number(values.cycles),
  longest: Number(values.longest),
  goesOn: values["go-on"],
  onVerdict: (cycle, { acknowledged, completed, repeated, violations }) => {
    const words = `${acknowledged} acknowledged, ${completed} ended, ${repeated} of them repeated`;
    if (cycle % 10 === 0)
      console.log(`seed ${seed}: ${cycle} cycles, ${seconds()} s, ${words}, broken: ${JSON.stringify(violations)}`);
  },
});

console.log(JSON.stringify({ seed, ...subject, seconds: seconds(), ...verdict }, undefined, 2));
process.exitCode = verdict.kept === undefined ? 0 : 1;
