/**
 * gearmand-ts beside gearmand: `npm run bench -- [--rounds 5] [--only REGEX] [--node26 PATH] [--syscalls] [--save]`;
 * with `--peers` beside other servers.
 * Servers take turns on one machine; medians of the rounds, and medians of the ratios of each round. `--save` writes
 * docs/performance.json, of which `npm run docs` makes docs/performance.md. `--syscalls` counts system calls, too: it needs perf, and
 * the right to use it.
 */
import { parseArgs } from "node:util";
import { builtProgram } from "../test/support/built.ts";
import { markdownRow, markdownTable } from "../test/support/docs/fill.ts";
import { Folder } from "../test/support/folder.ts";
import { Tools } from "./load/tools.ts";
import { besidePeers } from "./peers/beside.ts";
import { save } from "./results.ts";
import { DEFAULTS, floor, ours, TUNED } from "./speed/contenders.ts";
import { fastest, measure } from "./speed/measure.ts";
import { type Comparison, compare } from "./speed/report.ts";
import { SYSCALLS_HEAD, syscallCells } from "./speed/syscalls.ts";
import { FIGURES_HEAD, figureCells, RATIOS_HEAD, ratioCells } from "./speed/table.ts";
import { paced, WORKLOADS } from "./speed/workloads.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    node26: { type: "string" },
    syscalls: { type: "boolean", default: false },
    peers: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
  },
});

builtProgram();
await using programs = new Folder();
const tools = new Tools(programs.path);

async function besideGearmand(): Promise<void> {
  const own = ours("gearmand-ts", process.execPath);
  const [node26] = values.node26 === undefined ? [] : [ours("gearmand-ts on Node 26", values.node26)];
  const base = floor(tools.path("floor"));

  const all: Comparison[] = [];
  const calls: string[][] = [];
  process.stdout.write(markdownTable(RATIOS_HEAD, []));
  for (const workload of WORKLOADS.filter(({ name }) => new RegExp(values.only).test(name))) {
    const tuned = fastest(await measure(tools, workload, TUNED, 1));
    const load = paced(workload, tuned.perSecond);
    const contenders = [tuned.contender, DEFAULTS, own, ...(node26 ? [node26] : []), base];
    const results = await measure(tools, load, contenders, Number(values.rounds));
    const comparison = compare(load, results, { tuned: tuned.contender, defaults: DEFAULTS, own, node26, floor: base });
    all.push(comparison);
    process.stdout.write(markdownRow(ratioCells(comparison)));
    if (values.syscalls)
      for (const contender of [own, tuned.contender, base]) calls.push(await syscallCells(tools, load, contender));
  }
  console.log(`\n${markdownTable(FIGURES_HEAD, all.map(figureCells))}`);
  if (values.syscalls) console.log(markdownTable(SYSCALLS_HEAD, calls));
  if (values.save) save("speed", all, values.node26);
}

await (values.peers
  ? besidePeers(tools, { rounds: Number(values.rounds), only: new RegExp(values.only), save: values.save })
  : besideGearmand());
