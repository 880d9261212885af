import type { JobServer } from "../core/job-server.ts";
import type { Logger } from "../lib/log.ts";
import type { Store } from "../store/store.ts";
import { shortened } from "./request.ts";

/** Who waits for the port is to see why, whatever level is shown: so often, milliseconds. */
const A_LINE_EACH = 3000;

/** Takes in the jobs that the store has from before, and says how far it is. */
export async function recover(core: JobServer, store: Store, log: Logger): Promise<void> {
  const began = performance.now();
  let jobs = 0;
  const lines = setInterval(() => log.warn({ jobs }, "the queue is being recovered: no port is open yet"), A_LINE_EACH);
  const recovering = store.recover((records) => {
    for (const record of records) core.restore({ ...record, workload: shortened(record.workload) });
    jobs += records.length;
  });
  const damaged = await recovering.finally(() => clearInterval(lines));
  for (const row of damaged) log.error({ row }, "a row of the queue is damaged: it is kept, and never offered");
  const { dead } = store.stats;
  log.info({ jobs, dead, milliseconds: Math.round(performance.now() - began) }, "queue recovered");
}
