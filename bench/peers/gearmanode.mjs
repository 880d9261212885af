import { createRequire } from "node:module";
import { play } from "./play.mjs";

const require = createRequire(import.meta.url);
const winston = createRequire(require.resolve("gearmanode"))("winston");
winston.configure({ silent: true });
winston.loggers.options.silent = true;
const gearmanode = require("gearmanode");

const at = (server) => {
  const [host, port] = server.split(":");
  return { host, port: Number(port) };
};

await play({
  async client(server) {
    const client = gearmanode.client(at(server));
    const run = (name, workload) =>
      new Promise((resolve, reject) => {
        const job = client.submitJob(name, workload);
        job.on("complete", () => resolve(job.response));
        job.on("failed", () => reject(new Error("failed")));
      });
    return { run, close: () => client.close() };
  },
  worker(server, name) {
    const worker = gearmanode.worker(at(server));
    const ready = new Promise((resolve) => worker.once("socketConnect", resolve));
    worker.addFunction(name, (job) => job.workComplete(Buffer.from(job.payload).reverse().toString()));
    return ready;
  },
});
