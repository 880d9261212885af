import { Client } from "../../dist/client/index.js";
import { Worker } from "../../dist/worker/index.js";
import { play } from "./play.mjs";

const reverse = (bytes) => Buffer.from(bytes).reverse();

await play({
  async client(server) {
    const client = new Client({ servers: server });
    return { run: (name, workload) => client.run(name, workload), close: () => client.close() };
  },
  async worker(server, name, concurrency) {
    const worker = new Worker({ servers: server, concurrency });
    worker.register(name, (job) => reverse(job.workload));
    await worker.ready();
  },
});
