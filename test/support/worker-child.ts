/** A program with a worker that is told by its arguments when to close; then nothing keeps it alive. */
import { Worker } from "../../src/worker/index.ts";

const [server = "", when = ""] = process.argv.slice(2);
const worker = new Worker({ servers: [server, "127.0.0.1:1"], ...(when === "maxJobs" ? { maxJobs: 1 } : {}) });
worker.register(when, (job) => job.text()); // a function of its own: programs run side by side
worker.register("timed", () => {}, { timeout: 60_000, concurrency: 2 });
worker.once("closed", () => process.stdout.write("closed\n"));
if (when === "after a job") worker.once("done", () => void worker.close());
if (when === "SIGTERM") process.once("SIGTERM", () => void worker.close({ timeout: 5000 }));
await worker.ready();
process.stdout.write("ready\n");
