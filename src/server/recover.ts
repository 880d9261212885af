import type { JobServer } from "../core/job-server.ts";
import type { Logger } from "../lib/log.ts";
import type { Store } from "../store/store.ts";

/** A line of the log for so many jobs. */
const A_LINE_EACH = 250_000;

/** Takes in the jobs that the store has from before, and says how far it is. */
export async function recover(core: JobServer, store: Store, log: Logger): Promise<void> {
  const began = performance.now();
  let jobs = 0;
  let said = 0;
  const damaged = await store.recover((records) => {
    for (const record of records) core.restore(record);
    jobs += records.length;
    if (jobs < said + A_LINE_EACH) return;
    said = jobs;
    log.info({ jobs }, "recovering the queue");
  });
  for (const row of damaged) log.error({ row }, "a row of the queue is damaged: it is kept, and never offered");
  const { dead } = store.stats;
  log.info({ jobs, dead, milliseconds: Math.round(performance.now() - began) }, "queue recovered");
}
