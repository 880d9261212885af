import { cpSync, existsSync, linkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../model/random.ts";
import { damage } from "./damage.ts";
import { type Connect, drain } from "./drain.ts";
import { sentJob } from "./job.ts";
import { judge, type Recovery } from "./judge.ts";
import { Ledger } from "./ledger.ts";
import { startHere, toVictim } from "./life.ts";
import type { Afterwards } from "./strike.ts";
import { Victim } from "./victim.ts";

/** A data directory to be spoilt. */
export interface Original {
  readonly dir: string;
  readonly ledger: Ledger;
  readonly files: readonly string[];
}

export interface Trial {
  /** What was done to which file. */
  readonly damage: string;
  readonly violations: readonly string[];
  /** Jobs that were not given. */
  readonly missing: number;
  readonly refused: boolean;
  /** What the server said. */
  readonly log: string;
}

const GROUP = 100;

/** Mostly small, some over several pages. */
const sizeOf = (id: number): number => (id % 50 === 0 ? 20_000 + id : id % 7 === 0 ? 1500 : 30 + (id % 200));

/** A queue of so many jobs. Killed: half of them are in the log alone. Closed: there is no log. */
export async function makeOriginal(
  room: { readonly path: string },
  how: "killed" | "closed",
  jobs: number,
): Promise<Original> {
  const dir = join(room.path, how);
  const ledger = new Ledger();
  await live(dir, ledger, jobs / 2, "closed");
  await live(dir, ledger, jobs, how);
  return { dir, ledger, files: ["jobs.sqlite", "jobs.sqlite-wal"].filter((file) => existsSync(join(dir, file))) };
}

/** Submits jobs until there were so many, and completes some. */
async function live(dir: string, ledger: Ledger, jobs: number, end: "killed" | "closed"): Promise<void> {
  await using victim = new Victim({ dir });
  const client = await toVictim(victim)(ledger, "client");
  for (let id = ledger.accounts.size; id < jobs; id += GROUP)
    await client.submit(...Array.from({ length: GROUP }, (_, nth) => sentJob(id + nth, { size: sizeOf(id + nth) })));
  client.send("CAN_DO", "f");
  for (const job of await client.grab(GROUP / 2)) client.end("WORK_COMPLETE", job);
  await client.barrier();
  if (end === "closed") await victim.stop();
}

/** The reserve is all zeros: it need not be copied, nor made again. */
function copyStore(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith("ballast") });
  linkSync(join(from, "ballast"), join(to, "ballast"));
}

/** Spoils a copy, starts a server on it, and takes all that is there: each job must be one that was submitted, once and unchanged. */
export async function tryDamaged(
  original: Original,
  seed: number,
  copy: string,
  how: Afterwards,
  spoil = damage,
): Promise<Trial> {
  const random = new Random(seed);
  copyStore(original.dir, copy);
  const file = original.files[random.below(original.files.length)] ?? "jobs.sqlite";
  try {
    const what = `${spoil(join(copy, file), random)} in ${file}`;
    return { damage: what, ...(await (how === "here" ? openHere : openDaemon)(original.ledger, copy)) };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

type Finding = Omit<Trial, "damage">;

async function openHere(ledger: Ledger, dir: string): Promise<Finding> {
  const lines: string[] = [];
  try {
    await using here = await startHere(dir, lines);
    return look(ledger, await drainAll(here.connect), lines.join("\n"));
  } catch (error) {
    if (!(error instanceof Error && error.name === "StoreError")) throw error;
    return refusal(error.message);
  }
}

async function openDaemon(ledger: Ledger, dir: string): Promise<Finding> {
  await using victim = new Victim({ dir });
  if ((await victim.port) !== undefined) return look(ledger, await drainAll(toVictim(victim)), victim.output);
  const { code } = await victim.exited;
  const refused = refusal(victim.output);
  return code === 1 ? refused : { ...refused, violations: [`ended with ${code}`] };
}

const drainAll = (connect: Connect): Promise<Recovery> => drain(connect, ["f"]);

function refusal(log: string): Finding {
  const violations = log.includes("salvage") ? [] : [`was refused without the remedy: ${log}`];
  return { violations, missing: 0, refused: true, log };
}

/** What a damaged file may cost: jobs, and that their ends are known. Nothing else. */
const COSTS = /is lost|came back/;

function look(ledger: Ledger, recovery: Recovery, log: string): Finding {
  const { violations } = judge(ledger, recovery);
  const missing = violations.filter((violation) => violation.endsWith("is lost")).length;
  return { violations: violations.filter((violation) => !COSTS.test(violation)), missing, refused: false, log };
}
