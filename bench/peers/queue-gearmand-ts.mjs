import { Client } from "../../dist/client/index.js";
import { Worker } from "../../dist/worker/index.js";
import { AT_ONCE, play } from "./queue.mjs";

const NAME = "job";
const at = (port) => `127.0.0.1:${port}`;

await play({
  async client(port) {
    const client = new Client({ servers: at(port) });
    const submit = (workload) => client.submit(NAME, workload, { background: true });
    return {
      submit,
      bulk: (workloads) => Promise.all(workloads.map(submit)),
      run: (workload) => client.run(NAME, workload),
    };
  },
  async worker(port, done) {
    const worker = new Worker({ servers: at(port), concurrency: AT_ONCE });
    worker.on("done", done);
    worker.register(NAME, (job) => job.workload);
    await worker.ready();
    return () => worker.close();
  },
});
