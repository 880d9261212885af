/**
 * What grows, and what it costs: `npm run bench:scale -- [--rounds 5] [--only backlog,idle,replies,curves] [--jobs 10000000]
 * [--connections 50000] [--save]`. In memory, gearmand beside it. Servers take turns, so that what disturbs one disturbs the others;
 * medians of the rounds. `--jobs` is the longest queue, `--connections` the largest crowd, as far as the limit of open files allows.
 * `--save` writes docs/performance.json, of which `npm run docs` makes docs/performance.md.
 */
import { builtProgram } from "../test/support/built.ts";
import { Folder } from "../test/support/folder.ts";
import { REFERENCE } from "../test/support/reference.ts";
import { count, listed, rounds, save } from "./flags.ts";
import { Tools } from "./load/tools.ts";
import { chosen, type Measurement, measureAll } from "./measurements.ts";
import { options } from "./options.ts";
import { prepare } from "./prepare.ts";
import { backlog } from "./scale/backlog.ts";
import { curves } from "./scale/curves.ts";
import type { Ground } from "./scale/ground.ts";
import { idle } from "./scale/idle.ts";
import { replies } from "./scale/replies.ts";

const MEASUREMENTS: Readonly<Record<string, Measurement<Ground>>> = { backlog, idle, replies, curves };

/** Curves begin there. */
const [FEWEST_JOBS, FEWEST_CONNECTIONS] = [1000, 10];

const values = options("npm run bench:scale --", {
  rounds: rounds(),
  only: listed(Object.keys(MEASUREMENTS)),
  jobs: count("jobs", 10_000_000, "in the longest queue", FEWEST_JOBS),
  connections: count("connections", 50_000, "in the largest crowd", FEWEST_CONNECTIONS),
  save,
});

prepare(["gcc", REFERENCE]);
builtProgram();
await using programs = new Folder();
const ground: Ground = {
  rounds: values.rounds,
  tools: new Tools(programs.path),
  jobs: values.jobs,
  connections: values.connections,
};

await measureAll("scale", chosen(MEASUREMENTS, values.only, ground), values.save);
