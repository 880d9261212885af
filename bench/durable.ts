/**
 * The durable queue beside gearmand's: `npm run bench:durable -- [--rounds 5] [--only latency,rates,foreground,million] [--jobs 1000000] [--save]`.
 * Servers take turns, so that what disturbs one disturbs the others; medians of the rounds. What is stored is under TMPDIR, which
 * should be on a disk. `--save` writes docs/performance.json, of which `npm run docs` makes docs/performance.md.
 */
import { parseArgs } from "node:util";
import { builtProgram } from "../test/support/built.ts";
import { Folder } from "../test/support/folder.ts";
import { foreground } from "./durable/foreground.ts";
import type { Ground } from "./durable/ground.ts";
import { latency } from "./durable/latency.ts";
import { million } from "./durable/million.ts";
import { rates } from "./durable/rates.ts";
import { startRedis } from "./durable/servers.ts";
import { Tools } from "./load/tools.ts";
import { chosen, type Measurement, measureAll } from "./measurements.ts";

const MEASUREMENTS: Readonly<Record<string, Measurement<Ground>>> = { latency, rates, foreground, million };

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: Object.keys(MEASUREMENTS).join() },
    jobs: { type: "string", default: "1000000" },
    save: { type: "boolean", default: false },
  },
});

builtProgram();
await using programs = new Folder();
await using stored = new Folder();
await using redis = await startRedis(stored);
const ground: Ground = {
  rounds: Number(values.rounds),
  tools: new Tools(programs.path),
  redis,
  many: Number(values.jobs),
  folder: () => new Folder(),
};

await measureAll("durable", chosen(MEASUREMENTS, values.only, ground), values.save);
