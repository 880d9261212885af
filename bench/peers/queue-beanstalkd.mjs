import { once } from "node:events";
import { AT_ONCE, peer, play } from "./queue.mjs";

const Jackd = peer("jackd");

const connect = (port) => new Jackd().connect({ host: "127.0.0.1", port });

async function serve(connection, done) {
  for (let job = await next(connection); job !== undefined; job = await next(connection)) {
    await connection.delete(job.id);
    done();
  }
}

/** A connection that ends while it waits for a job is told that its time is out. */
async function next(connection) {
  try {
    return await connection.reserve();
  } catch (error) {
    if (error.message !== "TIMED_OUT") throw error;
  }
}

/** Until the server has let go of it, it may be given a job of the next round. */
async function end(connection) {
  const closed = once(connection.socket, "close");
  await connection.quit();
  await closed;
}

await play({
  async client(port) {
    const connection = await connect(port);
    const submit = (workload) => connection.put(workload);
    return { submit, bulk: (workloads) => Promise.all(workloads.map(submit)) };
  },
  /** A connection that waits for a job can do nothing else, so there is one for each job at once. */
  async worker(port, done) {
    const connections = await Promise.all(Array.from({ length: AT_ONCE }, () => connect(port)));
    for (const connection of connections) void serve(connection, done);
    return () => Promise.all(connections.map(end));
  },
});
