import { setTimeout } from "node:timers/promises";
import type { FleetServer } from "./fleet-server.ts";
import type { Weather } from "./network.ts";
import type { Stage } from "./stage.ts";

/** Longer than a client trusts a silent server, milliseconds. */
const LONG_SILENCE = 6000;

/** A thing that goes wrong and is mended again. */
export interface Fault {
  /** How often of a hundred times. */
  readonly share: number;
  strike(stage: Stage, server: FleetServer): Promise<void>;
}

export const FAULTS = {
  "server killed, started anew": { share: 60, strike: killServer },
  "connections reset": { share: 11, strike: async (_stage, server) => server.network.cut() },
  "worker killed, started anew": { share: 10, strike: (stage) => stage.replaceWorker() },
  "server stopped for a moment": { share: 5, strike: (stage, server) => stopServer(server, stage.random.below(1000)) },
  "server stopped for long": { share: 2, strike: (_stage, server) => stopServer(server, LONG_SILENCE) },
  "network silent for long": { share: 2, strike: (_stage, server) => weather(server, "silent", LONG_SILENCE) },
  "network slow": { share: 5, strike: (stage, server) => weather(server, "delayed", stage.random.below(1000)) },
  "network dribbles": { share: 5, strike: (stage, server) => weather(server, "dribbling", stage.random.below(1000)) },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

async function killServer(stage: Stage, server: FleetServer): Promise<void> {
  await server.kill();
  await setTimeout(stage.random.around(150));
  await server.start();
}

async function stopServer(server: FleetServer, milliseconds: number): Promise<void> {
  server.signal("SIGSTOP");
  await setTimeout(milliseconds);
  server.signal("SIGCONT");
}

async function weather(server: FleetServer, kind: Weather, milliseconds: number): Promise<void> {
  server.network.weather = kind;
  await setTimeout(milliseconds);
  server.network.weather = "clear";
}
