/** A client under load in a process of its own: keeps so many jobs going until its parent says "stop", then waits for their outcomes. */
import { randomUUID } from "node:crypto";
import { Client, GearmanError } from "../../src/client/index.ts";
import { openPen } from "./pen.ts";
import { JOB_KINDS, type JobKind, type JobRecord } from "./records.ts";

const [ledger = "", servers = "", choose = "hash", many = "50"] = process.argv.slice(2);
const write = await openPen(ledger);
/** Long, as this is about servers that die: when all are dead for a moment, jobs wait. */
const PATIENCE = 60_000;

const client = new Client({
  servers: servers.split(","),
  choose: choose as "hash",
  serverTimeout: PATIENCE,
});

type Outcome = Omit<Extract<JobRecord, { what: "outcome" }>, "what" | "id" | "took">;

async function perform(kind: JobKind, id: string): Promise<Outcome> {
  const end = { outcome: "", run: "", seen: [] as string[], attempts: 1 };
  const workload = `${id} ${"x".repeat(Math.floor(Math.random() ** 4 * 20_000))}`;
  try {
    if (kind === "background") {
      await client.submit("plain", workload, { background: true });
      return { ...end, outcome: "acknowledged" };
    }
    const job = await client.submit(kind === "streamed" ? "streamed" : "plain", workload, {
      resubmit: kind !== "once",
    });
    if (kind === "streamed")
      for await (const event of job) if (event.kind === "data") end.seen.push(String(event.data));
    const run = String(
      await job.result.finally(() => {
        end.attempts = job.attempts;
      }),
    );
    return { ...end, outcome: "result", run };
  } catch (error) {
    return { ...end, outcome: error instanceof GearmanError ? error.code : String(error) };
  }
}

let stopped = false;
async function go(): Promise<void> {
  while (!stopped) {
    const id = randomUUID();
    const kind = JOB_KINDS[Math.floor(Math.random() * JOB_KINDS.length)] ?? "result";
    await write({ what: "submitted", id, kind });
    const began = performance.now();
    const end = await perform(kind, id);
    await write({ what: "outcome", id, ...end, took: Math.round(performance.now() - began) });
  }
}

process.once("message", () => {
  stopped = true;
});
process.send?.("ready");
await Promise.all(Array.from({ length: Number(many) }, go));
await client.close();
process.send?.("done", () => process.exit());
