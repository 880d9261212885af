/**
 * The durable queue beside gearmand's: `npm run bench:durable -- [--rounds 5] [--only latency,rates,foreground,million] [--jobs 1000000] [--save]`.
 * Servers take turns, so that what disturbs one disturbs the others; medians of the rounds. What is stored is under TMPDIR, which
 * should be on a disk. `--save` writes docs/performance.json, of which `npm run docs` makes docs/performance.md.
 */
import { builtProgram } from "../test/support/built.ts";
import { Folder } from "../test/support/folder.ts";
import { REFERENCE } from "../test/support/reference.ts";
import { foreground } from "./durable/foreground.ts";
import type { Ground } from "./durable/ground.ts";
import { latency } from "./durable/latency.ts";
import { million } from "./durable/million.ts";
import { rates } from "./durable/rates.ts";
import { startRedis } from "./durable/servers.ts";
import { count, listed, rounds, save } from "./flags.ts";
import { Tools } from "./load/tools.ts";
import { chosen, type Measurement, measureAll } from "./measurements.ts";
import { options } from "./options.ts";
import { prepare } from "./prepare.ts";

const MEASUREMENTS: Readonly<Record<string, Measurement<Ground>>> = { latency, rates, foreground, million };

/** Twenty drains of a thousand are of them, and a rest. */
const FEWEST = 20_001;

const values = options("npm run bench:durable --", {
  rounds: rounds(),
  only: listed(Object.keys(MEASUREMENTS)),
  jobs: count("jobs", 1_000_000, "in the long queue", FEWEST),
  save,
});

prepare(["gcc", "redis-server", REFERENCE]);
builtProgram();
await using programs = new Folder();
const tools = new Tools(programs.path);
await using stored = new Folder();
await using redis = await startRedis(stored);
const ground: Ground = {
  rounds: values.rounds,
  tools,
  redis,
  many: values.jobs,
  folder: () => new Folder(),
};

await measureAll("durable", chosen(MEASUREMENTS, values.only, ground), values.save);
