import { sentJob } from "./job.ts";
import { Ledger } from "./ledger.ts";
import { toVictim } from "./life.ts";
import { type Open, play } from "./script.ts";
import { Victim } from "./victim.ts";

/** A daemon's life on a data directory, during which it can be struck. It ends with a graceful stop. */
export interface Scenario {
  readonly name: string;
  /** What was there before. */
  readonly before: { readonly dir: string | undefined; readonly ledger: Ledger };
  play(open: Open, ledger: Ledger): Promise<void>;
}

/** From an empty directory on. */
export const wholeLife: Scenario = {
  name: "a whole life",
  before: { dir: undefined, ledger: new Ledger() },
  play,
};

/** On what a kill has left in `dir`: recovery, some work, and a stop. */
export async function secondLife(dir: string): Promise<Scenario> {
  const ledger = new Ledger();
  await using victim = new Victim({ dir });
  const connect = toVictim(victim);
  const client = await connect(ledger, "before");
  for (let group = 0; group < 20; group++)
    await client.submit(
      ...[0, 1, 2, 3, 4].map((nth) => sentJob(group * 5 + nth, { size: nth * 1000, unique: `b-${group}-${nth}` })),
    );
  return { name: "a second life", before: { dir, ledger }, play: playOn };
}

/** Where the second life's ids begin. */
const LATER = 10_000;

async function playOn(open: Open): Promise<void> {
  const worker = await open("worker");
  worker.send("CAN_DO", "f");
  for (let round = 0; round < 5; round++) {
    for (const job of await worker.grab(10)) worker.end("WORK_COMPLETE", job);
    await worker.submit(sentJob(LATER + round));
  }
}
