/**
 * The classic: a worker that turns texts round, and a client that has it done.
 *
 *     npx tsx reverse.ts worker
 *     npx tsx reverse.ts client "Hello, world"
 */
import { Client, type TextFunctions, Worker } from "gearmand-ts";

const servers = (process.env["GEARMAN_SERVERS"] || "localhost").split(",");

async function work(): Promise<void> {
  const worker = new Worker<TextFunctions>({ servers, codec: "text" });
  worker.register("reverse", (job) => [...job.workload].reverse().join(""));
  // A job that runs is finished first: closing loses none.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void worker.close());
  await worker.ready();
  console.log("ready");
}

async function ask(text: string): Promise<void> {
  const client = new Client<TextFunctions>({ servers, codec: "text" });
  console.log(await client.run("reverse", text));
  await client.close();
}

const [role, text = "Hello, world"] = process.argv.slice(2);
await (role === "worker" ? work() : ask(text));
