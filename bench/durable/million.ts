/** What a long queue costs: memory and disk for each job, the time until it can be worked on after a crash, and whether it drains as fast as a short one. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Peer } from "../../test/support/peer.ts";
import type { Measurement } from "../measurements.ts";
import { median, Rows } from "../rows.ts";
import type { Ground } from "./ground.ts";
import { type Contender, dataDirectory, durable, type Server } from "./servers.ts";

/** A short queue; so many jobs are drained at once, of the long one too, to compare like with like. */
const FEW = 1000;
const DRAINS = 20;
/** What is garbage after the last submit is given time to go, milliseconds. */
const REST = 3000;

export const million: Measurement<Ground> = async (ground) => {
  const rows = new Rows();
  for (let round = 0; round < ground.rounds; round++) {
    await using folder = ground.folder();
    await measure(ground, rows, durable(folder), dataDirectory(folder));
  }
  return rows.all();
};

async function measure(ground: Ground, rows: Rows, contender: Contender, directory: string): Promise<void> {
  const { tools, many } = ground;
  const add = (measure: string, value: number, unit: string, goal?: string): void =>
    rows.add(measure, contender.name, value, unit, goal);
  await using first = await contender.start();
  const short = await drains(ground, first, true);
  const before = resident(first);
  add(
    `submits of ${many} jobs`,
    (await tools.load("submit", first.port, `-u -c 8 -d 64 -n ${many}`)).perSecond,
    "jobs/s",
  );
  await setTimeout(REST);
  add("memory of a job", (resident(first) - before) / many, "bytes");
  add("disk of a job", size(directory) / many, "bytes");
  await first.kill();
  const began = performance.now();
  await using second = await contender.start();
  add("crash: until the port opens", (performance.now() - began) / 1000, "s", "<= 5");
  await assigned(second);
  add("crash: until the first JOB_ASSIGN", (performance.now() - began) / 1000, "s", "<= 5");
  add("memory of a job after the crash", (resident(second) - before) / many, "bytes");
  const long = await drains(ground, second, false);
  add(`drain, ${FEW} queued`, short, "jobs/s");
  add(`drain, ${many} queued`, long, "jobs/s");
  add(`drain, ${many} : ${FEW} queued`, long / short, "x");
  const rest = await tools.load("drain", second.port, `-w 8 -g 64 -n ${many - DRAINS * FEW}`);
  add("drain of the whole queue", rest.perSecond, "jobs/s");
  await setTimeout(REST);
  add("disk when all is drained", size(directory) / 1024 ** 2, "MiB");
}

/** @param fill what is drained is submitted before */
async function drains({ tools }: Ground, { port }: Server, fill: boolean): Promise<number> {
  const each: number[] = [];
  for (let nth = 0; nth < DRAINS; nth++) {
    if (fill) await tools.load("submit", port, `-u -c 8 -d 64 -n ${FEW}`);
    each.push((await tools.load("drain", port, `-w 8 -n ${FEW}`)).perSecond);
  }
  return median(each);
}

/** Completes nothing: the job goes back. */
async function assigned({ port }: Server): Promise<void> {
  await using worker = await Peer.connect(port);
  worker.send("CAN_DO", "bench");
  worker.send("GRAB_JOB");
  await worker.packet("JOB_ASSIGN");
}

function resident({ pids }: Server): number {
  const kilobytes = pids.map((pid) =>
    Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]),
  );
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1024;
}

/** Without the ballast, which is there with an empty queue too. */
function size(directory: string): number {
  const files = readdirSync(directory).filter((name) => name !== "ballast");
  return files.reduce((sum, name) => sum + statSync(join(directory, name)).blocks * 512, 0);
}
