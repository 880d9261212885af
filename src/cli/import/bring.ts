/** The import itself, and a look at what it would do. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DATABASE } from "../../store/sqlite/directory.ts";
import type { GearmandQueue, QueueRow } from "../../store/tools/gearmand-queue.ts";
import { drive } from "../store/drive.ts";
import type { Account } from "./account.ts";
import { lookInto, Target } from "./target.ts";
import { Twins } from "./twins.ts";

/** What is asked for, complete. */
export interface Order {
  readonly file: string;
  readonly table: string;
  readonly directory: string;
  readonly prefix: string;
  readonly dryRun: boolean;
  readonly remove: boolean;
}

/** Does, or looks at, what is asked for; `step` is called for each row. */
export type Work = (order: Order, queue: GearmandQueue, account: Account, step: () => void) => Promise<void>;

type Chosen = QueueRow & { readonly job: NonNullable<QueueRow["job"]> };

/** Sorts the rows: yields what is to be imported, and undefined for what is left out. */
function* sorted(queue: GearmandQueue, there: Twins, account: Account): Generator<Chosen | undefined> {
  for (const { id, job, retries } of queue.rows(queue.ids())) {
    if (job !== undefined && !there.has(job)) {
      yield { id, job, retries };
      continue;
    }
    account.leaveOut(id, job === undefined ? "damaged" : "there", job);
    yield undefined;
  }
}

export const look: Work = async ({ directory }, queue, account, step) => {
  const there = new Twins();
  if (existsSync(join(directory, DATABASE))) lookInto(directory, (job) => there.add(job));
  await drive(sorted(queue, there, account), (row) => {
    step();
    if (row !== undefined) account.take(row.job);
  });
};

/** Returns the rows that are in the directory now. Nothing of it is in use any more. */
const fill = async (...[{ directory, prefix }, queue, account, step]: Parameters<Work>): Promise<readonly number[]> => {
  const there = new Twins();
  const target = await Target.open(directory, prefix, (job) => there.add(job));
  const done: number[] = [];
  const take = (row: Chosen | undefined): void | Promise<void> => {
    step();
    if (row === undefined) return;
    account.take(row.job);
    done.push(row.id);
    return target.put(row.job, row.retries);
  };
  try {
    await drive(sorted(queue, there, account), take);
    await target.stored();
    return done;
  } finally {
    await target.close();
  }
};

export const bring: Work = async (order, queue, account, step) => {
  try {
    const done = await fill(order, queue, account, step);
    if (order.remove) queue.remove(done);
  } catch (error) {
    const again = `${order.file} is as it was; what is in ${order.directory} already, another import leaves out`;
    throw new Error(`${error instanceof Error ? error.message : error}: ${again}`, { cause: error });
  }
};
