/**
 * What grows, and what it costs: `npm run bench:scale -- [--rounds 5] [--only backlog,idle,replies,curves] [--jobs 10000000]
 * [--connections 50000] [--save]`. In memory, gearmand beside it. Servers take turns, so that what disturbs one disturbs the others;
 * medians of the rounds. `--jobs` is the longest queue, `--connections` the largest crowd, as far as the limit of open files allows.
 * `--save` writes docs/performance.json, of which `npm run docs` makes docs/performance.md.
 */
import { parseArgs } from "node:util";
import { builtProgram } from "../test/support/built.ts";
import { Folder } from "../test/support/folder.ts";
import { Tools } from "./load/tools.ts";
import { chosen, type Measurement, measureAll } from "./measurements.ts";
import { backlog } from "./scale/backlog.ts";
import { curves } from "./scale/curves.ts";
import type { Ground } from "./scale/ground.ts";
import { idle } from "./scale/idle.ts";
import { replies } from "./scale/replies.ts";

const MEASUREMENTS: Readonly<Record<string, Measurement<Ground>>> = { backlog, idle, replies, curves };

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: Object.keys(MEASUREMENTS).join() },
    jobs: { type: "string", default: "10000000" },
    connections: { type: "string", default: "50000" },
    save: { type: "boolean", default: false },
  },
});

builtProgram();
await using programs = new Folder();
const ground: Ground = {
  rounds: Number(values.rounds),
  tools: new Tools(programs.path),
  jobs: Number(values.jobs),
  connections: Number(values.connections),
};

await measureAll("scale", chosen(MEASUREMENTS, values.only, ground), values.save);
