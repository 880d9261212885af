import type { CoreCounters } from "../core/counters.ts";
import type { CoreGauges } from "../core/job-server.ts";
import type { StoreStats } from "../store/store.ts";
import type { ConnectionCounters } from "./counters.ts";
import type { Hub } from "./hub.ts";

/** A snapshot of the server: counters since its start, and what it holds now. */
export interface ServerStats {
  readonly jobs: CoreCounters;
  readonly connections: ConnectionCounters;
  readonly store: StoreStats;
  readonly now: CoreGauges & {
    /** Bytes of unfinished packets. */
    readonly inputBytes: number;
    /** Bytes that wait to be sent. */
    readonly outputBytes: number;
  };
}

export function statsOf({ core, counters, inputBudget, outputTotal, storeStats }: Hub): ServerStats {
  return {
    jobs: { ...core.counters },
    connections: { ...counters, bytesOut: outputTotal.sent },
    store: storeStats,
    now: { ...core.gauges, inputBytes: inputBudget.held, outputBytes: outputTotal.held },
  };
}
