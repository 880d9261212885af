import { VERSION } from "../lib/version.ts";
import type { ServerOptions } from "../server/options.ts";
import { createServer, type Server } from "../server/server.ts";
import { durabilityText } from "../store/durability.ts";
import { addressText } from "../transport/address-text.ts";
import type { BoundAddress } from "../transport/options.ts";
import { inBackground, reportReady } from "./daemonize.ts";
import { setFileLimit } from "./file-limit.ts";
import type { Values } from "./flags/table.ts";
import { obeySignals, obeyWhileStarting } from "./obey-signals.ts";
import { openLog } from "./open-log.ts";
import { openPidFile } from "./pid-file.ts";
import { PROGRAM } from "./program.ts";
import { onSignal, putOff } from "./signals.ts";
import { endNow, exitNow, type Traces } from "./traces.ts";
import { switchUser } from "./user.ts";

/** What the command line, the config file and the environment ask for. */
export interface Plan {
  readonly values: Values;
  readonly options: Omit<ServerOptions, "logger">;
  /** Flags and variables that do nothing, with reasons. */
  readonly withoutEffect: readonly string[];
  readonly warnings: readonly string[];
}

/** Nothing that a peer sends should come here; if it does, the state can't be trusted. */
const exitOnCrash = (traces: Traces): void => {
  process.on("uncaughtException", (err, origin) => {
    traces.log.logger.fatal({ err, origin }, "a bug: the server stops");
    exitNow(traces, 1);
  });
};

const announce = (
  { log }: Traces,
  { options, withoutEffect }: Plan,
  server: Server,
  bound: readonly BoundAddress[],
): void => {
  const addresses = bound.map(addressText);
  const { drainTimeout, tls, dataDir, queue } = options;
  const { recovered, damaged, dead } = server.stats().store;
  const kept = server.durability === "memory" ? {} : { dataDir, queue, recovered, damaged, dead };
  log.lifecycle.info(
    { version: VERSION, addresses, tls: tls !== undefined, drainTimeout, ...server.limits, ...kept, withoutEffect },
    `${PROGRAM} ${VERSION} listens on ${addresses.join(", ")}; ${durabilityText(server.durability)}`,
  );
};

/** Opens the ports, and then the pid file: a server that could not start must not touch that of the one which runs. */
const start = async (
  { values }: Plan,
  server: Server,
  traces: Traces,
  warnings: string[],
): Promise<readonly BoundAddress[]> => {
  if (server.durability !== "memory") obeyWhileStarting(traces);
  try {
    const bound = await server.start();
    onSignal(putOff);
    traces.removePidFile = openPidFile(values["pid-file"], inBackground, warnings);
    return bound;
  } catch (error) {
    traces.log.logger.fatal({ reason: error instanceof Error ? error.message : error }, "could not start");
    await server.stop();
    await traces.log.close();
    throw error;
  }
};

/** Says so if jobs are lost: nobody else will. */
const farewell = ({ log }: Traces, server: Server): void => {
  const { jobs, background } = server.stats().now;
  const kept = server.durability === "memory" ? 0 : background;
  const lost = jobs - kept;
  if (lost > 0) log.lifecycle.warn({ jobs: lost, kept }, `stopped; jobs that waited or ran are lost: ${lost}`);
  else log.lifecycle.info({ kept }, kept > 0 ? `stopped; jobs kept for the next start: ${kept}` : "stopped");
};

/** Runs the server until it has stopped. The order is gearmand's: who we are is settled before the first file is made. */
export const serve = async (plan: Plan): Promise<void> => {
  const { values } = plan;
  const warnings = [...plan.warnings];
  setFileLimit(values["file-descriptors"] ?? 0);
  if (values.user !== undefined) switchUser(values.user);
  const traces: Traces = { log: openLog(values, warnings), removePidFile: () => {} };
  exitOnCrash(traces);
  const server = createServer({ ...plan.options, logger: traces.log.logger });
  const bound = await start(plan, server, traces, warnings);
  announce(traces, plan, server, bound);
  for (const warning of [...warnings, ...plan.withoutEffect]) traces.log.lifecycle.warn({}, warning);
  await reportReady({ addresses: bound, warnings });
  obeySignals(server, traces);
  try {
    await server.closed;
  } catch {
    return endNow(traces, "SIGKILL");
  }
  farewell(traces, server);
  traces.removePidFile();
  await traces.log.close();
};
