import { LONGEST_TIMER } from "../../lib/waiting.ts";
import { DEFAULT_PORT } from "../../link/address.ts";
import type { FlagTable, Parse, ValuesOf } from "../flags/flag.ts";
import { count, duration, integer, port, text } from "../flags/parsers.ts";
import { hostFlag } from "../flags/servers.ts";
import { tlsClientFlags } from "../flags/tls-client.ts";

/** C has -1 for "no limit", and scripts that say so. */
const limit: Parse<number> = (value, option) => (/^-\d+$/.test(value) ? 0 : duration(value, option));

/** Every flag of C gearman 1.1.20, and ours: the one place that knows them. */
export const FLAGS = {
  function: {
    short: "f",
    argument: "NAME",
    parse: text,
    repeatable: true,
    group: "Client and worker",
    help: "The function; needed. Of several, each gets every job, or is served.",
  },
  host: hostFlag(
    "Client and worker",
    "GEARMAN_SERVER",
    "C gearman takes one host without a port, and keeps the last. GEARMAN_SERVER, a list too, beats -h and -p, as in C; GEARMAN_SERVERS counts when neither of them is given.",
  ),
  port: {
    short: "p",
    argument: "PORT",
    parse: port,
    lastCounts: true,
    default: String(DEFAULT_PORT),
    group: "Client and worker",
    help: "Port or service name of the servers that are named without one.",
  },
  timeout: {
    short: "t",
    argument: "TIME",
    parse: limit,
    lastCounts: true,
    default: "no limit",
    group: "Client and worker",
    help: "Client: time that each job has. Worker: time to wait for a job.",
    more: "Milliseconds, or with s for seconds; 0 or below: no limit. A client gives the job up, though a worker may still do it, and goes on with the next one. A worker says that no job came and waits again; with -c the wait counts as a job, as in C.",
  },
  ssl: {
    short: "S",
    lastCounts: true,
    group: "Client and worker",
    help: "TLS to all servers; tls:// asks for it for one.",
  },
  ...tlsClientFlags("Client and worker"),
  concurrency: {
    argument: "N",
    parse: integer(1, LONGEST_TIMER),
    default: "1",
    group: "Client and worker",
    help: "Jobs at once.",
    more: "A client that has several jobs (arguments, -n, -N) does them one after the other, so that results come in their order, unless this says otherwise. Several -f run at once in any case.",
    ours: true,
  },
  daemon: {
    short: "d",
    lastCounts: true,
    group: "Client and worker",
    help: "Run in the background, with /dev/null as input and output.",
  },
  "pid-file": {
    short: "i",
    argument: "FILE",
    parse: text,
    lastCounts: true,
    group: "Client and worker",
    help: "Write the process ID to FILE; removed at exit.",
  },
  verbose: {
    short: "v",
    lastCounts: true,
    group: "Client and worker",
    help: "Client: print `Task created: HANDLE`. Worker: tell of jobs on stderr.",
  },
  help: { short: "H", lastCounts: true, group: "Client and worker", help: "Print this help and exit." },
  version: {
    short: "V",
    lastCounts: true,
    group: "Client and worker",
    help: "Print the version and exit.",
    ours: true,
  },
  background: { short: "b", lastCounts: true, group: "Client", help: "Don't wait for results." },
  high: { short: "I", lastCounts: true, group: "Client", help: "High priority." },
  low: { short: "L", lastCounts: true, group: "Client", help: "Low priority." },
  lines: {
    short: "n",
    lastCounts: true,
    group: "Client and worker",
    help: "Client: a job for each line of input. Worker: a data packet for each line.",
    more: "A line keeps its line end. The last one is a line, with or without it.",
  },
  "stripped-lines": {
    short: "N",
    lastCounts: true,
    group: "Client and worker",
    help: "As -n, but without the line ends; an empty line is a job without bytes.",
  },
  prefix: {
    short: "P",
    lastCounts: true,
    group: "Client",
    help: "Put `NAME: ` before the output of each packet.",
  },
  empty: { short: "s", lastCounts: true, group: "Client", help: "One job without bytes: read no input." },
  unique: {
    short: "u",
    argument: "TEXT",
    parse: text,
    lastCounts: true,
    default: "one of its own for each job",
    group: "Client",
    help: "Jobs of a function with one unique are one job; -: the workload is the unique.",
    more: "C makes a hash of the workload out of `#`; here it is a text like any other: `-` does that better, as servers then compare whole workloads.",
  },
  worker: { short: "w", lastCounts: true, group: "Worker", help: "Be a worker." },
  count: {
    short: "c",
    argument: "N",
    parse: count,
    lastCounts: true,
    default: "no limit",
    group: "Worker",
    help: "End after N jobs; 0: no limit.",
  },
  "job-timeout": {
    argument: "TIME",
    parse: limit,
    default: "no limit",
    group: "Worker",
    help: "Kill a command that takes longer, with all that it started; its job fails.",
    more: "Milliseconds, or with s for seconds. SIGTERM to the command's process group, and SIGKILL two seconds later.",
    ours: true,
  },
} as const satisfies FlagTable;

export type Values = ValuesOf<typeof FLAGS>;
