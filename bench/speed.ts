/**
 * gearmand-ts beside gearmand: `npm run bench -- [--rounds 5] [--only REGEX] [--node26 PATH] [--save]`.
 * Servers take turns on one machine; medians of the rounds, and medians of the ratios of each round. `--save` writes
 * docs/performance.json, of which `npm run docs` makes docs/performance.md.
 */
import { parseArgs } from "node:util";
import { builtProgram } from "../test/support/built.ts";
import { Folder } from "../test/support/folder.ts";
import { Tools } from "./load/tools.ts";
import { save } from "./results.ts";
import { DEFAULTS, floor, ours, TUNED } from "./speed/contenders.ts";
import { measure, medians } from "./speed/measure.ts";
import { type Comparison, compare } from "./speed/report.ts";
import { table } from "./speed/table.ts";
import { WORKLOADS } from "./speed/workloads.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    node26: { type: "string" },
    save: { type: "boolean", default: false },
  },
});

builtProgram();
await using programs = new Folder();
const tools = new Tools(programs.path);
const own = ours("gearmand-ts", process.execPath);
const newer = values.node26 === undefined ? [] : [ours("gearmand-ts on Node 26", values.node26)];
const base = floor(tools.path("floor"));

const all: Comparison[] = [];
for (const workload of WORKLOADS.filter(({ name }) => new RegExp(values.only).test(name))) {
  const tuning = await measure(tools, workload, TUNED, 1);
  const [tuned = DEFAULTS] = [...tuning]
    .sort(([, a], [, b]) => medians(b).perSecond - medians(a).perSecond)
    .map(([contender]) => contender);
  const results = await measure(tools, workload, [tuned, DEFAULTS, own, ...newer, base], Number(values.rounds));
  const comparison = compare(workload, results, { tuned, defaults: DEFAULTS, own, newer: newer[0], floor: base });
  all.push(comparison);
  console.log(table([comparison], all.length === 1));
}
if (values.save) save("speed", all, values.node26);
