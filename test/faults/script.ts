import { setTimeout } from "node:timers/promises";
import { FAR, type SentJob, sentJob } from "./job.ts";
import type { GivenJob } from "./judge.ts";
import type { Ledger } from "./ledger.ts";
import type { Talk } from "./talk.ts";

/** Functions of the script; `big` are those of 256 KiB. */
export const FUNCTIONS = ["f", "g", "big"] as const;

export type Open = (name: string) => Promise<Talk>;

/** The store is at rest for longer than it waits before it tidies up, milliseconds. */
const REST = 800;

const GROUP = 10;
const BIG = 2 ** 18;

/** What every tenth job has in special. */
const KINDS: readonly ((id: number) => Partial<SentJob>)[] = [
  () => ({}),
  (id) => ({ unique: `u-${id}`, size: 1000 }),
  (id) => ({ unique: `u-${id - 1}`, size: 20 }), // joins the one before it
  () => ({ priority: "high", function: "g" }),
  () => ({ priority: "low", size: 5000 }),
  (id) => ({ unique: `empty-${id}`, size: 0 }),
  () => ({ epoch: FAR }),
  () => ({ reducer: "r", function: "g", size: 300 }),
  () => ({ epoch: 1 }), // long past: at once
  () => ({ unique: "-", size: 400 }),
];

/** The fixed script: always the same jobs in the same order, in steps that each wait for what the one before has done. About 500 jobs. */
export async function play(open: Open, ledger: Ledger): Promise<void> {
  let next = 0;
  const client = await open("client");
  const worker = await open("worker");
  const submitMixed = async (groups: number): Promise<void> => {
    for (let group = 0; group < groups; group++) {
      await client.submit(
        ...Array.from({ length: GROUP }, () => sentJob(next, KINDS[next++ % KINDS.length]?.(next - 1))),
      );
    }
  };
  const submitBig = async (count: number): Promise<void> => {
    for (let nth = 0; nth < count; nth++) await client.submit(sentJob(next++, { function: "big", size: BIG }));
  };

  // On a disk of this size the log is copied into the main file by then, and used again from its start.
  await submitMixed(10);
  await submitBig(5);
  await submitMixed(10);
  for (const fn of FUNCTIONS) worker.send("CAN_DO", fn);
  await finish(worker, 40);
  await worker.submit(sentJob(next++)); // its answer tells that those ends are stored
  await failSome(worker);
  await dropWorker(open);
  await cancelSome(client, ledger);
  await promote(client, next);
  next += 2;
  for (let round = 0; round < 5; round++) {
    await submitMixed(4);
    await finish(worker, 30);
  }
  // All is drained, so that there is room to give back.
  while ((await finish(worker, 50)) > 0);
  await worker.barrier();
  await setTimeout(REST);
  await submitBig(1);
  await submitMixed(8);
  await finish(worker, 30);
  await worker.barrier();
  await finish(worker, 5);
}

/** How many jobs were there, of so many asked for. */
async function finish(worker: Talk, count: number): Promise<number> {
  const jobs = await worker.grab(count);
  for (const job of jobs) worker.end("WORK_COMPLETE", job);
  return jobs.length;
}

async function failSome(worker: Talk): Promise<void> {
  const jobs = await worker.grab(8);
  for (const [nth, job] of jobs.entries()) worker.end(nth % 2 === 0 ? "WORK_FAIL" : "WORK_EXCEPTION", job);
  await worker.barrier();
}

/** It dies with three jobs, which another gets again. */
async function dropWorker(open: Open): Promise<void> {
  const dying = await open("dying");
  dying.send("CAN_DO", "f");
  const jobs = await dying.grab(3);
  dying.close();
  const heir = await open("heir");
  heir.send("CAN_DO", "f");
  const left = new Set(jobs.map(({ handle }) => handle));
  const taken: GivenJob[] = [];
  while (left.size > 0) {
    const [job] = await heir.grab(1);
    if (job !== undefined) taken.push(job);
    left.delete(job?.handle ?? "");
  }
  heir.close(); // all that it took goes back
}

async function cancelSome(client: Talk, ledger: Ledger): Promise<void> {
  for (const handle of [...ledger.open()].slice(0, 3)) await client.cancel(handle);
}

/** A foreground job becomes one in the background, by a second submit with its unique. */
async function promote(client: Talk, id: number): Promise<void> {
  await client.submit(sentJob(id, { unique: "promoted", background: false }));
  await client.submit(sentJob(id + 1, { unique: "promoted" }));
}
