import { DEFAULT_PORT } from "../../link/address.ts";
import type { FlagTable, Parse, ValuesOf } from "../flags/flag.ts";
import { duration, invalid, oneOf, port } from "../flags/parsers.ts";
import { hostFlag } from "../flags/servers.ts";
import { tlsClientFlags } from "../flags/tls-client.ts";
import { UsageError } from "../usage-error.ts";
import { SORT_NAMES } from "./top/columns.ts";

/** A reply takes shape within this much silence, and a connection stands, milliseconds. */
export const DEFAULT_TIMEOUT = 10_000;
/** Between two looks of `top`, milliseconds. */
export const DEFAULT_INTERVAL = 2000;

/** A word of a text command: a line end would make two commands of it. */
const word: Parse<string> = (value, option) => {
  if (!/[\r\n\0]/.test(value)) return value;
  throw new UsageError(`the argument for option '--${option}' holds a line end or NUL: no text command can carry it`);
};

const targetPort: Parse<number> = (value, option) => {
  const number = port(value, option);
  if (number === 0) throw invalid(value, option, "no server listens there");
  return number;
};

const positive: Parse<number> = (value, option) => {
  const milliseconds = duration(value, option);
  if (milliseconds === 0) throw invalid(value, option, "over 0");
  return milliseconds;
};

const LIMITS = /^(?<name>[^\s]+?)(?:=| +)(?<all>\d+)(?:[, ]+(?<normal>\d+)[, ]+(?<low>\d+))?$/;

/** The words of `maxqueue`: `NAME=N`, `NAME=HIGH,NORMAL,LOW`, or parted by spaces as the text command has them. */
const queueLimits: Parse<string> = (value, option) => {
  const { name, all, normal, low } = LIMITS.exec(value)?.groups ?? {};
  if (name === undefined) throw invalid(value, option, "NAME=N or NAME=HIGH,NORMAL,LOW");
  return [name, all, normal, low].filter((part) => part !== undefined).join(" ");
};

/** Every flag of C gearadmin 1.1.20, and ours: the one place that knows them. */
export const FLAGS = {
  host: hostFlag(
    "Which servers",
    "GEARMAN_SERVERS",
    "C gearadmin takes one host without a port. All servers are asked at once; of several, each one's part of the output begins with its name. The variable counts when neither --host nor --port is given.",
  ),
  port: {
    short: "p",
    argument: "PORT",
    parse: targetPort,
    default: String(DEFAULT_PORT),
    group: "Which servers",
    help: "Port or service name of the servers that are named without one.",
  },
  ssl: { short: "S", group: "Which servers", help: "TLS to all servers; tls:// asks for it for one." },
  ...tlsClientFlags("Which servers"),
  timeout: {
    short: "t",
    argument: "TIME",
    parse: positive,
    default: `${DEFAULT_TIMEOUT / 1000}s`,
    group: "Which servers",
    help: "Give up a server that is silent for so long.",
    more: "Milliseconds, or with s for seconds. It is for the connection and for each pause within a reply, not for a whole reply: a long one may take its time.",
    ours: true,
  },
  status: { group: "Look", help: "Functions, with their jobs, running jobs and workers." },
  "priority-status": { group: "Look", help: "Functions, with the jobs that wait at each priority." },
  workers: { group: "Look", help: "Connections, with their functions." },
  "show-jobs": { group: "Look", help: "Jobs." },
  "show-unique-jobs": { group: "Look", help: "The uniques of the jobs." },
  "show-store": {
    group: "Look",
    help: "How a gearmand-ts keeps jobs.",
    more: "What a crash and a power cut would cost, and what the store has counted.",
    ours: true,
  },
  "server-version": { group: "Look", help: "The server's version." },
  "server-verbose": { group: "Look", help: "The server's log level." },
  getpid: { group: "Look", help: "The server's process id." },
  "create-function": {
    argument: "NAME",
    parse: word,
    group: "Change",
    help: "Make a function that stays though empty.",
  },
  "drop-function": {
    argument: "NAME",
    parse: word,
    group: "Change",
    help: "Forget a function that has neither workers nor running jobs.",
    more: "In any case of letters. gearmand-ts cancels its waiting jobs.",
  },
  maxqueue: {
    argument: "LIMITS",
    parse: queueLimits,
    group: "Change",
    help: "Limit a function's queue: NAME=N or NAME=HIGH,NORMAL,LOW; 0: no limit.",
    more: 'Also as the text command has it: `--maxqueue "NAME N"`. A server answers OK for a function that it does not know, too, and forgets it.',
    ours: true,
  },
  "cancel-job": {
    argument: "HANDLE",
    parse: word,
    group: "Change",
    help: "Drop a job; its clients hear that it failed.",
  },
  shutdown: {
    group: "Change",
    help: "Stop the server; running jobs may finish.",
    more: "gearmand-ts only if it was started with --allow-shutdown; gearmand has not had the command since 2016.",
    ours: true,
  },
  "shutdown-graceful": { group: "Change", help: "Stop the server once it has no jobs left.", ours: true },
  json: {
    group: "Output",
    help: "JSON, for programs.",
    more: "An array with an object for each server: `server`, and a member for each flag that asked for something.",
    ours: true,
  },
  interval: {
    short: "i",
    argument: "TIME",
    parse: positive,
    default: `${DEFAULT_INTERVAL / 1000}s`,
    group: "Top",
    help: "Time between two looks.",
    ours: true,
  },
  sort: {
    argument: "COLUMN",
    parse: oneOf(SORT_NAMES),
    default: "queued",
    group: "Top",
    help: SORT_NAMES.join(", ").concat("."),
    ours: true,
  },
  once: {
    group: "Top",
    help: "Look twice, an interval apart, print plain lines, and end.",
    ours: true,
  },
  help: { short: "H", group: "General", help: "Print this help and exit." },
  version: { short: "V", group: "General", help: "Print the version and exit.", ours: true },
} as const satisfies FlagTable;

export type Values = ValuesOf<typeof FLAGS>;
