/** What a command line asks for: a client or a worker, and which. No input, no output. */

import type { Environment } from "../flags/servers.ts";
import { UsageError } from "../usage-error.ts";
import type { CommandLine } from "./command-line.ts";
import { FLAGS, type Values } from "./flags.ts";
import { type Servers, serversOf } from "./servers.ts";

/** What becomes of the line ends: lines are not looked at, they stay, or they go. */
export type Lines = "whole" | "kept" | "stripped";

interface Common extends Servers {
  readonly functions: readonly string[];
  readonly concurrency: number;
  /** Milliseconds. */
  readonly timeout: number | undefined;
  readonly lines: Lines;
  readonly verbose: boolean;
}

export interface ClientPlan extends Common {
  readonly kind: "client";
  /** The workloads; without them, the input is read as `lines` says. */
  readonly workloads: readonly string[] | undefined;
  readonly background: boolean;
  readonly priority: "high" | "normal" | "low";
  readonly unique: string | undefined;
  readonly prefix: boolean;
}

export interface WorkerPlan extends Common {
  readonly kind: "worker";
  /** Without one, workloads go to the standard output. */
  readonly command: readonly [program: string, ...args: string[]] | undefined;
  /** `-w` was not given: the command alone says so, and a user should be told. */
  readonly implied: boolean;
  readonly maxJobs: number | undefined;
  /** Milliseconds. */
  readonly jobTimeout: number | undefined;
}

export type Plan = ClientPlan | WorkerPlan;

const CLIENT_FLAGS = ["background", "high", "low", "lines", "stripped-lines", "prefix", "empty", "unique"] as const;

/**
 * `gearman-ts -f count_lines -- wc -l`, as the introductions to Gearman write it, is a worker. To C it is a client whose jobs are `wc` and
 * `-l`; scripts that protect their workloads with `--` call `gearman`, or give a client's flag.
 */
const impliesWorker = ({ values, words, command = [] }: CommandLine, asC: boolean): boolean =>
  !asC && command.length > 0 && words.length === 0 && CLIENT_FLAGS.every((name) => values[name] === undefined);

const linesOf = (values: Values): Lines => {
  if (values["stripped-lines"]) return "stripped";
  return values.lines ? "kept" : "whole";
};

const common = (values: Values, environment: Environment): Common => {
  if (values.function === undefined) {
    throw new UsageError("which function? Give it as -f NAME; -H lists all flags");
  }
  if (values.function.includes("")) throw new UsageError("a function needs a name: -f '' has none");
  return {
    ...serversOf(values, environment),
    functions: values.function,
    concurrency: values.concurrency ?? Number(FLAGS.concurrency.default),
    timeout: values.timeout || undefined,
    lines: linesOf(values),
    verbose: values.verbose ?? false,
  };
};

const priorityOf = ({ high, low }: Values): ClientPlan["priority"] => {
  if (high && low) throw new UsageError("-I is high priority and -L is low priority: leave one of them out");
  if (high) return "high";
  return low ? "low" : "normal";
};

const workloadsOf = ({ values, words, command = [] }: CommandLine): readonly string[] | undefined => {
  const given = [...words, ...command];
  if (given.length > 0) return given;
  return values.empty ? [""] : undefined;
};

const clientPlan = (line: CommandLine, environment: Environment): ClientPlan => {
  const { values } = line;
  if (values["job-timeout"] !== undefined) {
    throw new UsageError(
      "option '--job-timeout' is for a worker: give -w, or -t for the time limit of a client's jobs",
    );
  }
  return {
    kind: "client",
    ...common(values, environment),
    workloads: workloadsOf(line),
    background: values.background ?? false,
    priority: priorityOf(values),
    unique: values.unique,
    prefix: values.prefix ?? false,
  };
};

const workerPlan = (line: CommandLine, environment: Environment): WorkerPlan => {
  const { values, words } = line;
  const [program, ...args] = [...words, ...(line.command ?? [])];
  const plan = common(values, environment);
  return {
    kind: "worker",
    ...plan,
    functions: [...new Set(plan.functions)],
    command: program === undefined ? undefined : [program, ...args],
    implied: !values.worker,
    maxJobs: values.count || undefined,
    jobTimeout: values["job-timeout"] || undefined,
  };
};

/**
 * @param asC called as `gearman`: a command after `--` makes no worker
 * Throws UsageError, or GearmanError for an address that cannot be read.
 */
export const planOf = (line: CommandLine, environment: Environment, asC: boolean): Plan =>
  line.values.worker || impliesWorker(line, asC) ? workerPlan(line, environment) : clientPlan(line, environment);
