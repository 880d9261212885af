/** How many system calls a job takes: `perf` counts those of the server while a load runs. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Load, Tools } from "../load/tools.ts";
import { type Contender, Running } from "./contenders.ts";
import { warmUp } from "./measure.ts";
import type { Workload } from "./workloads.ts";

const KINDS = {
  write: ["write", "writev", "sendto", "sendmsg"],
  read: ["read", "readv", "recvfrom", "recvmsg"],
  epoll: ["epoll_wait", "epoll_pwait", "epoll_pwait2", "epoll_ctl"],
  futex: ["futex"],
};
const ALL = "raw_syscalls:sys_enter";
const event = (call: string): string => `syscalls:sys_enter_${call}`;
const EVENTS = [ALL, ...Object.values(KINDS).flat().map(event)].join();
const MODES = { run: ["run"], background: ["submit", "drain"] } as const;

type Counts = ReadonlyMap<string, number>;

export const SYSCALLS_HEAD: readonly string[] = ["System calls a job", "Server", ...Object.keys(KINDS), "other"];

export async function syscallCells(tools: Tools, workload: Workload, contender: Contender): Promise<string[]> {
  await using server = await Running.start(contender);
  await warmUp(tools, workload, contender, server);
  const each = await perJob(tools, workload, server);
  const of = (calls: readonly string[]): number => calls.reduce((sum, call) => sum + each(event(call)), 0);
  const kinds = Object.values(KINDS).map(of);
  const other = kinds.reduce((rest, kind) => rest - kind, each(ALL));
  return [workload.name, contender.name, ...[...kinds, other].map((calls) => calls.toFixed(2))];
}

/** How often each event happens for a job; for a background job, in its submit and its drain. */
async function perJob(tools: Tools, { mode, options }: Workload, server: Running): Promise<(event: string) => number> {
  const phases: { load: Load; counts: Counts }[] = [];
  for (const what of MODES[mode]) phases.push(await counted(server, tools.command(what, server.port, options)));
  return (event) => phases.reduce((sum, { load, counts }) => sum + (counts.get(event) ?? 0) / load.jobs, 0);
}

/** The events of the server while the load runs. */
async function counted(server: Running, command: readonly string[]): Promise<{ load: Load; counts: Counts }> {
  const args = ["stat", "-x,", "-e", EVENTS, "-p", String(server.pid), "--", ...command];
  const { stdout, stderr } = await promisify(execFile)("perf", args);
  const rows = stderr.split("\n").map((line) => line.split(","));
  return { load: JSON.parse(stdout), counts: new Map(rows.map(([count, , name = ""]) => [name, Number(count)])) };
}
