import type { Log } from "../lib/create-log.ts";
import type { Server } from "../server/server.ts";
import { onSignal, type Signal } from "./signals.ts";
import { exitNow, type Traces } from "./traces.ts";

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

const reopenLog = ({ reopen, logger, lifecycle }: Log): void => {
  try {
    reopen();
    lifecycle.info({}, "the log is opened again");
  } catch (err) {
    logger.error({ err }, "the log file could not be opened again: the old one is still used");
  }
};

/** TERM and INT drain, and the second one exits at once; USR1 waits until no job is left; HUP opens the log and the certificates again. */
export const obeySignals = (server: Server, traces: Traces): void => {
  const { log } = traces;
  let stopping = false;
  const drain = (signal: "SIGTERM" | "SIGINT"): Promise<void> => {
    if (stopping) exitNow(traces, EXIT_CODES[signal]);
    stopping = true;
    log.lifecycle.info({ signal }, "stopping: running jobs may finish");
    return server.stop();
  };
  const empty = (signal: Signal): Promise<void> => {
    log.lifecycle.info({ signal }, "stopping once no job is left");
    return server.stopWhenEmpty();
  };
  const reopen = (): Promise<void> => {
    reopenLog(log);
    return server.reload();
  };
  const obey = (signal: Signal): Promise<void> => {
    if (signal === "SIGHUP") return reopen();
    return signal === "SIGUSR1" ? empty(signal) : drain(signal);
  };
  onSignal((signal) => {
    obey(signal).catch((err: unknown) => log.logger.error({ err }, `${signal} failed`));
  });
};
