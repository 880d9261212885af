import type { Log } from "../lib/create-log.ts";
import { VERSION } from "../lib/version.ts";
import type { ServerOptions } from "../server/options.ts";
import { createServer, type Server } from "../server/server.ts";
import type { BoundAddress } from "../transport/options.ts";
import { inBackground, reportReady } from "./daemonize.ts";
import { setFileLimit } from "./file-limit.ts";
import type { Values } from "./flags/table.ts";
import { openLog } from "./open-log.ts";
import { openPidFile } from "./pid-file.ts";
import { PROGRAM } from "./program.ts";
import { onSignal, type Signal } from "./signals.ts";
import { switchUser } from "./user.ts";

/** What the command line, the config file and the environment ask for. */
export interface Plan {
  readonly values: Values;
  readonly options: Omit<ServerOptions, "logger">;
  /** Flags and variables that do nothing, with reasons. */
  readonly withoutEffect: readonly string[];
  readonly warnings: readonly string[];
}

/** What must be undone at exit, however it comes. */
interface Traces {
  readonly log: Log;
  readonly removePidFile: () => void;
}

const exitNow = ({ log, removePidFile }: Traces, code: number): never => {
  removePidFile();
  log.flushSync();
  process.exit(code);
};

/** Nothing that a peer sends should come here; if it does, the state can't be trusted. */
const exitOnCrash = (traces: Traces): void => {
  process.on("uncaughtException", (err, origin) => {
    traces.log.logger.fatal({ err, origin }, "a bug: the server stops");
    exitNow(traces, 1);
  });
};

const MEANINGS: Readonly<Record<Signal, string>> = {
  SIGTERM: "stopping: running jobs may finish",
  SIGINT: "stopping: running jobs may finish",
  SIGUSR1: "stopping once no job is left",
  SIGHUP: "log and certificates are opened again",
};

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A second TERM or INT exits at once. */
const obeySignals = (server: Server, traces: Traces): void => {
  const { log } = traces;
  let stopping = false;
  const stop = (signal: "SIGTERM" | "SIGINT"): Promise<void> => {
    if (stopping) exitNow(traces, EXIT_CODES[signal]);
    stopping = true;
    return server.stop();
  };
  const obey = (signal: Signal): Promise<void> => {
    if (signal === "SIGHUP") log.reopen();
    log.lifecycle.info({ signal }, MEANINGS[signal]);
    if (signal === "SIGHUP") return server.reload();
    return signal === "SIGUSR1" ? server.stopWhenEmpty() : stop(signal);
  };
  onSignal((signal) => {
    obey(signal).catch((err: unknown) => log.logger.error({ signal, err }, `${signal} failed`));
  });
};

const addressText = (address: BoundAddress): string => {
  if ("path" in address) return `unix:${address.path}`;
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
};

const announce = (
  { log }: Traces,
  { options, withoutEffect }: Plan,
  server: Server,
  bound: readonly BoundAddress[],
): void => {
  const addresses = bound.map(addressText);
  const { drainTimeout, limits, transport, tls } = options;
  log.lifecycle.info(
    { version: VERSION, addresses, tls: tls !== undefined, drainTimeout, ...limits, ...transport, withoutEffect },
    `${PROGRAM} ${VERSION} listens on ${addresses.join(", ")}; ${server.promise}`,
  );
};

const start = async (server: Server, traces: Traces): Promise<readonly BoundAddress[]> => {
  try {
    return await server.start();
  } catch (err) {
    traces.log.logger.fatal({ err }, "could not start");
    traces.removePidFile();
    await traces.log.close();
    throw err;
  }
};

/** Runs the server until it has stopped. The order is gearmand's: who we are is settled before the first file is made. */
export const serve = async (plan: Plan): Promise<void> => {
  const { values, options } = plan;
  const warnings = [...plan.warnings];
  setFileLimit(values["file-descriptors"] ?? 0);
  if (values.user !== undefined) switchUser(values.user);
  const removePidFile = openPidFile(values["pid-file"], inBackground, warnings);
  const log = openLog(values, warnings);
  const traces: Traces = { log, removePidFile };
  exitOnCrash(traces);
  const server = createServer({ ...options, logger: log.logger });
  const bound = await start(server, traces);
  announce(traces, plan, server, bound);
  for (const warning of warnings) log.lifecycle.warn({}, warning);
  await reportReady({ addresses: bound, warnings });
  obeySignals(server, traces);
  await server.closed;
  log.lifecycle.info({}, "stopped");
  removePidFile();
  await log.close();
};
