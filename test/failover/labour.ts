/** A worker in a process of its own; it writes down each run before it says anything of it. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { Worker, type WorkerJob } from "../../src/worker/index.ts";
import { PARTS } from "./judge.ts";
import { openPen } from "./pen.ts";

const [ledger = "", servers = ""] = process.argv.slice(2);
const write = await openPen(ledger);
const worker = new Worker({ servers: servers.split(","), concurrency: 20, heartbeat: 2000 });

async function begin(job: WorkerJob): Promise<string> {
  const run = randomUUID();
  await write({ what: "run", id: job.text().split(" ", 1)[0] ?? "", run });
  return run;
}

const work = (): Promise<void> => setTimeout(Math.random() ** 3 * 60);

worker.register("plain", async (job) => {
  const run = await begin(job);
  await work();
  return run;
});

worker.register("streamed", async (job) => {
  const run = await begin(job);
  for (let part = 0; part < PARTS; part++) {
    await job.sendData(run);
    await work();
  }
  return run;
});

await worker.ready();
process.send?.("ready");
process.once("message", () => void worker.close().then(() => process.exit()));
