/**
 * gearmand-ts beside gearmand: `npm run bench -- [--rounds 5] [--only REGEX] [--node26 PATH] [--syscalls] [--save]`;
 * with `--peers` beside other servers.
 * Servers take turns on one machine; medians of the rounds, and medians of the ratios of each round. `--save` writes
 * docs/performance.json, of which `npm run docs` makes docs/performance.md. `--syscalls` counts system calls, too: it needs perf, and
 * the right to use it.
 */
import { builtProgram } from "../test/support/built.ts";
import { markdownRow, markdownTable } from "../test/support/docs/fill.ts";
import { Folder } from "../test/support/folder.ts";
import { REFERENCE } from "../test/support/reference.ts";
import { given, matching, path, rounds, save } from "./flags.ts";
import { Tools } from "./load/tools.ts";
import { announce } from "./measurements.ts";
import { options } from "./options.ts";
import { besidePeers, PEER_WORKLOADS } from "./peers/beside.ts";
import { prepare } from "./prepare.ts";
import { readResults, save as saveResults } from "./results.ts";
import { DEFAULTS, floor, ours, TUNED } from "./speed/contenders.ts";
import { fastest, measure } from "./speed/measure.ts";
import { type Comparison, compare, renewed } from "./speed/report.ts";
import { SYSCALLS_HEAD, syscallCells } from "./speed/syscalls.ts";
import { FIGURES_HEAD, figureCells, RATIOS_HEAD, ratioCells } from "./speed/table.ts";
import { paced, WORKLOADS } from "./speed/workloads.ts";

/** A flag that tells what the others are about. */
const asksPeers = process.argv.includes("--peers");

const values = options("npm run bench --", {
  rounds: rounds(),
  only: matching(asksPeers ? PEER_WORKLOADS : WORKLOADS),
  node26: path("of another Node, to be measured beside this one"),
  syscalls: given("count system calls, too; needs perf, and the right to use it"),
  peers: given("beside other servers and queues; --peers --help tells their names"),
  save,
});

prepare(["gcc", REFERENCE, ...(values.syscalls ? (["perf"] as const) : [])], { node26: values.node26 });
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
  const workloads = WORKLOADS.filter((workload) => values.only.includes(workload));
  for (const [index, workload] of workloads.entries()) {
    announce(index, workloads.length, workload.name);
    const tuned = fastest(await measure(tools, workload, TUNED, 1));
    const load = paced(workload, tuned.perSecond);
    const contenders = [tuned.contender, DEFAULTS, own, ...(node26 ? [node26] : []), base];
    const results = await measure(tools, load, contenders, values.rounds);
    const comparison = compare(load, results, { tuned: tuned.contender, defaults: DEFAULTS, own, node26, floor: base });
    all.push(comparison);
    if (values.save) saveResults("speed", renewed(readResults().speed?.figures ?? [], comparison), values.node26);
    process.stdout.write(markdownRow(ratioCells(comparison)));
    if (values.syscalls)
      for (const contender of [own, tuned.contender, base]) calls.push(await syscallCells(tools, load, contender));
  }
  console.log(`\n${markdownTable(FIGURES_HEAD, all.map(figureCells))}`);
  if (values.syscalls) console.log(markdownTable(SYSCALLS_HEAD, calls));
}

await (values.peers ? besidePeers(tools, values) : besideGearmand());
