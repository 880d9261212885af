import { AT_ONCE, peer, play } from "./queue.mjs";

const { Queue, QueueEvents, Worker } = peer("bullmq");

const NAME = "job";
/** Of jobs that are done: waitUntilFinished() fails for a job that is gone. */
const KEPT = 1000;
const at = (port) => ({ connection: { host: "127.0.0.1", port } });

await play({
  async client(port) {
    const queue = new Queue(NAME, { ...at(port), defaultJobOptions: { removeOnComplete: KEPT } });
    queue.setMaxListeners(0); // each waitUntilFinished() adds one
    let events;
    return {
      submit: (data) => queue.add(NAME, data),
      bulk: (workloads) => queue.addBulk(workloads.map((data) => ({ name: NAME, data }))),
      async run(data) {
        events ??= new QueueEvents(NAME, at(port));
        await events.waitUntilReady();
        return (await queue.add(NAME, data)).waitUntilFinished(events);
      },
    };
  },
  async worker(port, done) {
    const worker = new Worker(NAME, async (job) => job.data, { ...at(port), concurrency: AT_ONCE });
    worker.on("completed", done);
    await worker.waitUntilReady();
    return () => worker.close();
  },
});
