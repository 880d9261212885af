import { atoi } from "../lib/c-text.ts";
import type { AdminContext } from "./context.ts";
import { figureRow, jobRow, type Pieces, priorityStatusRow, statusRow, table, uniqueRow, workerRow } from "./format.ts";

/** One text command. */
export interface Command {
  /** How it is typed, in lower case. */
  readonly usage: string;
  /** What it is for, for the docs. */
  readonly help: string;
  /** The reply; words[0] is the command as typed. */
  run(words: readonly string[], context: AdminContext): string | Pieces;
}

/**
 * THE table of text commands. Replies are gearmand's to the byte: OK and ERR lines end in CRLF, rows in LF.
 * PROTOCOL: Administrative Protocol
 */
export const COMMANDS: Readonly<Record<string, Command>> = {
  status: {
    usage: "status",
    help: "a row for each function: name, jobs, running jobs, workers",
    run: (_words, { core }) => table(core.functions(), core.gauges.functions, statusRow),
  },
  prioritystatus: {
    usage: "prioritystatus",
    help: "a row for each function: name, waiting jobs of high, normal and low priority, workers",
    run: (_words, { core }) => table(core.functions(), core.gauges.functions, priorityStatusRow),
  },
  workers: {
    usage: "workers",
    help: "a row for each connection: number, address, client id, functions",
    run: (_words, { core, addressOf }) =>
      table(core.peers(), core.gauges.connections, (peer) => workerRow(peer, addressOf(peer))),
  },
  show: {
    usage: "show jobs | show unique jobs | show store",
    help: "a row for each job: handle, retries, ignored, stored; or its unique; or how jobs are kept, and what was counted",
    run: show,
  },
  cancel: {
    usage: "cancel job HANDLE",
    help: "drops a job; its clients are told that it failed",
    run: cancel,
  },
  create: {
    usage: "create function NAME",
    help: "makes a function that stays though it is empty",
    run: create,
  },
  drop: {
    usage: "drop function NAME",
    help: "forgets a function without workers and running jobs, in any case of letters; waiting jobs are cancelled",
    run: drop,
  },
  maxqueue: {
    usage: "maxqueue NAME [LIMIT | HIGH NORMAL LOW]",
    help: "limits the jobs of a function, at all priorities or at each; none or 0: no limit",
    run: maxqueue,
  },
  getpid: {
    usage: "getpid",
    help: "the server's process id",
    run: (_words, { pid }) => `OK ${pid}\n`,
  },
  verbose: {
    usage: "verbose",
    help: "the server's log level",
    run: (_words, { verbosity }) => `OK ${verbosity}\n`,
  },
  version: {
    usage: "version",
    help: "the server's version",
    run: (_words, { version }) => `OK ${version}\n`,
  },
  shutdown: {
    usage: "shutdown [graceful]",
    help: "stops the server, or stops it when no job is left; only if it was started with --allow-shutdown",
    run: shutdown,
  },
};

const OK = "OK\r\n";

/** The reply to a line that was taken apart. */
export function runCommand(words: readonly string[], context: AdminContext): string | Pieces {
  const [name = ""] = words;
  const command = Object.hasOwn(COMMANDS, name.toLowerCase()) ? COMMANDS[name.toLowerCase()] : undefined;
  return command === undefined ? unknownCommand(name) : command.run(words, context);
}

/** As gearmand, with the word glued on. */
function unknownCommand(name: string): string {
  return `ERR UNKNOWN_COMMAND Unknown+server+command${name}\r\n`;
}

function incomplete(name: string): string {
  return `ERR INVALID_ARGUMENTS An+incomplete+set+of+arguments+was+sent+to+this+command+${name}\r\n`;
}

const is = (word: string | undefined, wanted: string): boolean => word?.toLowerCase() === wanted;

function show([name = "", ...what]: readonly string[], { core, store }: AdminContext): string | Pieces {
  if (what.length === 0) return unknownCommand(name);
  if (what.length === 1 && is(what[0], "jobs")) return table(core.jobs(), core.gauges.jobs, jobRow);
  if (what.length === 2 && is(what[0], "unique") && is(what[1], "jobs"))
    return table(core.jobs(), core.gauges.jobs, uniqueRow);
  if (what.length === 1 && is(what[0], "store")) {
    const figures = [...store()];
    return table(figures, figures.length, figureRow);
  }
  return "ERR UNKNOWN_SHOW_ARGUMENTS\r\n";
}

function cancel([name = "", what, handle, ...more]: readonly string[], context: AdminContext): string {
  if (handle === undefined) return unknownCommand(name);
  if (!is(what, "job") || more.length > 0) return "ERR UNKNOWN_ERROR\r\n";
  const outcome = context.core.cancel(handle);
  if (outcome === undefined) return "ERR UNKNOWN_JOB\r\n";
  context.deliver(outcome);
  return OK;
}

function create([name = "", what, fn, ...more]: readonly string[], { core }: AdminContext): string {
  if (!is(what, "function") || fn === undefined || more.length > 0) return incomplete(name);
  return core.createFunction(fn) ? OK : "ERR QUEUE_ERROR Too+many+functions\r\n";
}

function drop([name = "", what, fn, ...more]: readonly string[], context: AdminContext): string {
  if (!is(what, "function") || fn === undefined || more.length > 0) return incomplete(name);
  const { dropped, busy, outcome } = context.core.dropFunction(fn);
  context.deliver(outcome);
  if (dropped + busy === 0) return "ERR function not found\r\n";
  return OK.repeat(dropped) + "ERR there are still connected workers or executing clients\r\n".repeat(busy);
}

function maxqueue([name = "", fn, ...sizes]: readonly string[], { core }: AdminContext): string {
  if (fn === undefined) return incomplete(name);
  // As atoi: what is no number is 0, so no limit.
  core.setMaxQueue(
    fn,
    sizes.map((size) => atoi(size)),
  );
  return OK;
}

function shutdown([name = "", how]: readonly string[], context: AdminContext): string {
  if (!context.allowShutdown || (how !== undefined && !is(how, "graceful"))) return unknownCommand(name);
  context.shutdown(how !== undefined);
  return OK;
}
