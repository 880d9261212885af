import { describe, expect, it } from "vitest";
import { referenceInstalled } from "../support/reference.ts";
import { play } from "./chaos.ts";
import type { FaultName } from "./faults.ts";
import type { ServerKind } from "./fleet-server.ts";
import { SERVER_KINDS } from "./fleet-server.ts";

const PATIENCE = 120_000;

/** Each kind of fault, and some kills in a row; the long runs are `npm run torture:failover`. */
const FAULTS: readonly FaultName[] = [
  "server killed, started anew",
  "connections reset",
  "server killed, started anew",
  "network dribbles",
  "server stopped for a moment",
  "server killed, started anew",
  "worker killed, started anew",
  "network slow",
  "server killed, started anew",
  "server stopped for long",
];

const cast = (seed: number, kind: ServerKind) => ({
  seed,
  servers: [kind, kind, kind],
  clients: ["hash", "round-robin", "in-order"],
  workers: 2,
  workersDie: true,
});

describe.each(SERVER_KINDS)("a fleet of %s under load", (kind) => {
  it.skipIf(kind === "gearmand" && !referenceInstalled)(
    "gives every job the outcome that is promised, whatever dies",
    async () => {
      const { violations, jobs, outcomes } = await play({ ...cast(7, kind), faults: FAULTS });
      expect(violations).toEqual([]);
      expect(outcomes["result"]).toBeGreaterThan(0);
      expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(jobs);
    },
    PATIENCE,
  );
});
