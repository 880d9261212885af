import { createRequire } from "node:module";
import { play } from "./play.mjs";

const { Client } = createRequire(import.meta.url)("abraxas");

const connect = (server, options = {}) =>
  new Promise((resolve, reject) => {
    const [host, port] = server.split(":");
    Client.connect({ host, port: Number(port), ...options }, (error, client) =>
      error ? reject(error) : resolve(client),
    );
  });

await play({
  async client(server) {
    const client = await connect(server);
    return { run: (name, workload) => client.submitJob(name, {}, workload), close: () => client.disconnect() };
  },
  async worker(server, name, concurrency) {
    const client = await connect(server, { maxJobs: concurrency });
    client.registerWorker(name, (task) => Buffer.from(task.payload).reverse());
  },
});
