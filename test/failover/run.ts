/**
 * The long run: `npm run torture:failover -- --faults 2000 --servers gearmand-ts,gearmand,gearmand-ts`; `--seed` for another.
 * A line for each ten faults, at the end a verdict as JSON. Ends with 1 if a promise was not kept.
 */
import { parseArgs } from "node:util";
import { play } from "./chaos.ts";
import type { ServerKind } from "./fleet-server.ts";

const { values } = parseArgs({
  options: {
    faults: { type: "string", default: "100" },
    seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
    servers: { type: "string", default: "gearmand-ts,gearmand-ts,gearmand-ts" },
    clients: { type: "string", default: "hash,round-robin,in-order" },
    workers: { type: "string", default: "2" },
    "spare-workers": { type: "boolean", default: false },
  },
});

const counts = new Map<string, number>();
const began = performance.now();

const verdict = await play({
  seed: Number(values.seed),
  servers: values.servers.split(",") as ServerKind[],
  clients: values.clients.split(","),
  workers: Number(values.workers),
  workersDie: !values["spare-workers"],
  faults: Number(values.faults),
  onFault: (fault, nth) => {
    counts.set(fault, (counts.get(fault) ?? 0) + 1);
    if (nth % 10 === 0)
      console.log(`seed ${values.seed}: ${nth} faults, ${Math.round((performance.now() - began) / 1000)} s`);
  },
});

const summary = { seed: Number(values.seed), servers: values.servers, faults: Object.fromEntries(counts), ...verdict };
console.log(JSON.stringify({ ...summary, violations: verdict.violations.slice(0, 50) }, undefined, 2));
process.exitCode = verdict.violations.length === 0 ? 0 : 1;
