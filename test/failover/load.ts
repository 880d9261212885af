/** A client under load in a process of its own: keeps so many jobs going until its parent says "stop", then waits for their outcomes. */
import { randomUUID } from "node:crypto";
import { Client, GearmanError, type SubmitOptions } from "../../src/client/index.ts";
import { openPen } from "./pen.ts";
import { JOB_KINDS, type JobKind } from "./records.ts";

const [ledger = "", servers = "", choose = "hash", many = "50"] = process.argv.slice(2);
const write = await openPen(ledger);
/** Long, as this is about servers that die: when all are dead for a moment, jobs wait. */
const PATIENCE = 60_000;

const client = new Client({
  servers: servers.split(","),
  choose: choose as "hash",
  serverTimeout: PATIENCE,
});

interface Seen {
  readonly outcome: string;
  readonly run: string;
  readonly seen: readonly string[];
  readonly attempts: number;
}

const OPTIONS: Readonly<Record<JobKind, SubmitOptions>> = {
  result: {},
  once: { resubmit: false },
  streamed: {},
  background: { background: true },
};

async function perform(kind: JobKind, id: string): Promise<Seen> {
  const seen: string[] = [];
  let attempts = 1;
  try {
    const name = kind === "streamed" ? "streamed" : "plain";
    const workload = `${id} ${"x".repeat(Math.floor(Math.random() ** 4 * 20_000))}`;
    if (kind === "background") {
      await client.submit(name, workload, { background: true });
      return { outcome: "acknowledged", run: "", seen, attempts };
    }
    const job = await client.submit(name, workload, OPTIONS[kind]);
    job.result
      .finally(() => {
        attempts = job.attempts;
      })
      .catch(() => {});
    if (kind === "streamed") for await (const event of job) if (event.kind === "data") seen.push(String(event.data));
    return { outcome: "result", run: String(await job.result), seen, attempts: job.attempts };
  } catch (error) {
    return { outcome: error instanceof GearmanError ? error.code : String(error), run: "", seen, attempts };
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
