/**
 * Makes the golden directories of the newest format, with the real daemon: `tsx test/golden/make.ts v2`. Only for a format that has none yet:
 * what a released version wrote is never made again.
 */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";
import { DATABASE_FILES, digestOf } from "./golden.ts";
import { type ExpectedJob, SUBMITS, type Submit } from "./jobs.ts";

/** Runs of a job that its workers leave. */
const RETRIES = 2;

async function submit(client: Peer, job: Submit): Promise<string> {
  const { function: fn, unique, reducer, priority, epoch, workload } = job;
  const level = { high: "_HIGH", normal: "", low: "_LOW" } as const;
  if (reducer !== "") client.send("SUBMIT_REDUCE_JOB_BACKGROUND", fn, unique, reducer, "", workload);
  else if (epoch > 0) client.send("SUBMIT_JOB_EPOCH", fn, unique, String(epoch), workload);
  else client.send(`SUBMIT_JOB${level[priority]}_BG`, fn, unique, workload);
  const [handle = ""] = await client.packet("JOB_CREATED");
  return handle;
}

/** A worker takes a job of that function, once there is one. */
async function take(port: number, fn: string): Promise<{ worker: Peer; handle: string }> {
  const worker = await Peer.connect(port);
  worker.send("CAN_DO", fn);
  worker.send("PRE_SLEEP");
  await worker.packet("NOOP");
  worker.send("GRAB_JOB");
  const [handle = ""] = await worker.packet("JOB_ASSIGN");
  return { worker, handle };
}

/** A worker takes a job, and goes without a result. */
async function leave(port: number, fn: string): Promise<void> {
  const { worker } = await take(port, fn);
  worker.destroy();
}

/** Settles when all that was asked so far is on the disk. */
async function stored(client: Peer): Promise<void> {
  client.send("OPTION_REQ", "barrier");
  client.send("ECHO_REQ", "");
  await client.packet("ECHO_RES");
}

async function fill(port: number): Promise<readonly ExpectedJob[]> {
  await using client = await Peer.connect(port);
  const jobs: ExpectedJob[] = [];
  const add = async (job: Submit, fate: Pick<ExpectedJob, "retries" | "dead">): Promise<void> => {
    jobs.push({ ...job, handle: await submit(client, job), ...fate });
  };
  const plain = { retries: 0, dead: false };
  const [first, ...others] = SUBMITS;
  if (first === undefined) return jobs;
  await add({ ...first, function: "poison" }, { retries: RETRIES, dead: true });
  for (let run = 0; run < RETRIES; run++) await leave(port, "poison");
  await add({ ...first, function: "unlucky" }, { retries: 1, dead: false });
  await leave(port, "unlucky");
  for (const job of [first, ...others]) await add(job, plain);
  // A job that is done leaves no trace, but the room that it had.
  await submit(client, { ...first, function: "done" });
  const { worker, handle } = await take(port, "done");
  worker.send("WORK_COMPLETE", handle, "");
  await worker.handled();
  worker.destroy();
  await stored(client);
  return jobs;
}

async function make(target: string, how: "killed" | "closed"): Promise<void> {
  await using folder = new Folder();
  const directory = folder.file("data");
  const daemon = await startDaemon(["--data-dir", directory, "-j", String(RETRIES), "--job-handle-prefix", "H:golden"]);
  const jobs = await fill(daemon.port);
  daemon.signal(how === "killed" ? "SIGKILL" : "SIGTERM");
  await daemon.exited;
  mkdirSync(target, { recursive: true });
  for (const name of DATABASE_FILES) {
    if (existsSync(`${directory}/${name}`)) copyFileSync(`${directory}/${name}`, `${target}/${name}`);
  }
  writeFileSync(`${target}/expected.jsonl`, jobs.map((job) => `${JSON.stringify(job)}\n`).join(""));
  writeFileSync(`${target}/sha256`, `${digestOf(target)}\n`);
}

const [version = ""] = process.argv.slice(2);
const root = fileURLToPath(new URL(version, import.meta.url));
if (!/^v\d+$/.test(version) || existsSync(root)) throw new Error(`name a new version, as v2: ${root} is none`);
for (const how of ["killed", "closed"] as const) await make(`${root}/${how}`, how);
