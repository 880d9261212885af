import type { Log } from "../lib/create-log.ts";
import { systemClock } from "../lib/system-clock.ts";
import type { Server } from "../server/server.ts";
import { onSignal, putOff, type Signal } from "./signals.ts";
import { endNow, exitNow, type Traces } from "./traces.ts";

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that comes again within so many milliseconds is the same: Ctrl-C reaches us from the terminal and once more from `npm start`. */
const SAME = 500;

/** Returns whether there is a log file. */
const reopenLog = ({ reopen, logger, lifecycle }: Log): boolean => {
  try {
    const reopened = reopen();
    if (reopened) lifecycle.info({}, "the log is opened again");
    return reopened;
  } catch (err) {
    logger.error({ err }, "the log file could not be opened again: the old one is still used");
    return true;
  }
};

const reopenAll = async (server: Server, log: Log): Promise<void> => {
  const hasLogFile = reopenLog(log);
  if (await server.reload()) log.lifecycle.info({}, "the TLS files are read again");
  else if (!hasLogFile) log.lifecycle.info({}, "nothing to open again: there is neither a log file nor TLS");
};

/** Says so, as nobody else will: neither their workers nor their clients learn why. */
const giveUp = (server: Server, traces: Traces, signal: "SIGTERM" | "SIGINT"): never => {
  const { running, jobs } = server.stats().now;
  traces.log.lifecycle.warn({ signal, running, jobs }, `stopping at once; running jobs that are given up: ${running}`);
  return server.durability === "memory" ? exitNow(traces, EXIT_CODES[signal]) : endNow(traces, signal);
};

/** While the queue is taken in, which may take long, nothing can be lost: TERM and INT end it at once. The others wait for the server. */
export const obeyWhileStarting = (traces: Traces): void =>
  onSignal((signal) => {
    if (signal === "SIGHUP" || signal === "SIGUSR1") return putOff(signal);
    traces.log.lifecycle.info({ signal }, "stopping: it has not started yet");
    endNow(traces, signal);
  });

/** Whether a signal is the first one again. */
const sameAs = (first: { readonly signal: Signal; readonly at: number }, signal: Signal): boolean =>
  signal === first.signal && systemClock.monotonic() - first.at < SAME;

/** TERM and INT drain, and the second one exits at once; USR1 waits until no job is left; HUP opens the log and the certificates again. */
export const obeySignals = (server: Server, traces: Traces): void => {
  const { log } = traces;
  let first: { readonly signal: Signal; readonly at: number } | undefined;
  const drain = async (signal: "SIGTERM" | "SIGINT"): Promise<void> => {
    if (first !== undefined) return sameAs(first, signal) ? undefined : giveUp(server, traces, signal);
    first = { signal, at: systemClock.monotonic() };
    log.lifecycle.info({ signal }, "stopping: running jobs may finish");
    return server.stop();
  };
  const empty = (signal: Signal): Promise<void> => {
    log.lifecycle.info({ signal }, "stopping once no job is left");
    return server.stopWhenEmpty();
  };
  const obey = (signal: Signal): Promise<void> => {
    if (signal === "SIGHUP") return reopenAll(server, log);
    return signal === "SIGUSR1" ? empty(signal) : drain(signal);
  };
  onSignal((signal) => {
    obey(signal).catch((err: unknown) => log.logger.error({ err }, `${signal} failed`));
  });
};
