/**
 * The long run: `npm run powerloss -- --images 10000 --seed 1 --acknowledgements 100000`. A line for each hundred images, at the end a
 * verdict as JSON. Ends with 1 if a promise was not kept. With `--durability off`, or `--deaf jobs.sqlite-wal` (syncs of that file count for
 * nothing), it must. `--keep DIR` leaves the images there that show it; for the seed decides what is done, but not when.
 */
import { parseArgs } from "node:util";
import { Folder } from "../support/folder.ts";
import { withoutSyncs } from "./recording.ts";
import { recordSession } from "./session.ts";
import { traceAcknowledgements } from "./traced.ts";
import { tryImages } from "./trial.ts";

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "1000" },
    seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
    jobs: { type: "string", default: "3000" },
    durability: { type: "string", default: "full" },
    deaf: { type: "string" },
    "daemon-every": { type: "string", default: "100" },
    lanes: { type: "string", default: "2" },
    keep: { type: "string" },
    acknowledgements: { type: "string", default: "10000" },
  },
});

const seed = Number(values.seed);
const began = performance.now();
const seconds = (): number => Math.round((performance.now() - began) / 1000);

const folder = new Folder();
const recording = await recordSession(folder, {
  seed,
  jobs: Number(values.jobs),
  args: [`--durability=${values.durability}`],
});
const { deaf } = values;
const operations = deaf === undefined ? recording.operations : withoutSyncs(recording.operations, deaf);
const counts: Record<string, number> = {};
for (const { kind } of operations) counts[kind] = (counts[kind] ?? 0) + 1;
console.log(`seed ${seed}: ${JSON.stringify(counts)}, ${recording.chronicle.accounts.size} jobs, ${seconds()} s`);

const verdict = await tryImages(
  { ...recording, operations },
  {
    images: Number(values.images),
    seed,
    daemonEvery: Number(values["daemon-every"]),
    lanes: Number(values.lanes),
    keep: values.keep,
    onImage: (count) => {
      if (count % 100 === 0) console.log(`seed ${seed}: ${count} images, ${seconds()} s`);
    },
  },
);

const traced = await traceAcknowledgements(folder, { jobs: Number(values.acknowledgements) });
await folder[Symbol.asyncDispose]();

const { acknowledged, syncs, early } = traced;
const summary = { seed, operations: counts, jobs: recording.chronicle.accounts.size, seconds: seconds(), ...verdict };
const violations = [...verdict.violations, ...early.map((handle) => `${handle} was acknowledged before it was synced`)];
console.log(JSON.stringify({ ...summary, acknowledged, syncs, violations: violations.slice(0, 50) }, undefined, 2));
process.exitCode = violations.length === 0 ? 0 : 1;
