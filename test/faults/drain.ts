import { sentJob } from "./job.ts";
import type { GivenJob, Recovery } from "./judge.ts";
import { Ledger } from "./ledger.ts";
import type { Talk } from "./talk.ts";

/** Grabs that are out at a time. */
const GRABS = 50;

/** Ids of jobs that are submitted after a crash. */
const FRESH = 1_000_000_000;

/** Opens a connection that tells this ledger. */
export type Connect = (ledger: Ledger, name: string) => Promise<Talk>;

/** Takes and completes all jobs of these functions, one function after the other; then sees what waits, and how new jobs are called. */
export async function drain(connect: Connect, functions: Iterable<string>): Promise<Recovery> {
  const ledger = new Ledger(); // what is judged is not touched
  const talk = await connect(ledger, "drain");
  try {
    const given: GivenJob[] = [];
    for (const fn of functions) given.push(...(await drainFunction(talk, fn)));
    const waiting = await handlesThere(talk);
    const fresh = await newHandles(talk, ledger);
    return { given, waiting, fresh };
  } finally {
    talk.close();
  }
}

async function drainFunction(talk: Talk, fn: string): Promise<GivenJob[]> {
  const given: GivenJob[] = [];
  talk.send("CAN_DO", fn);
  for (let jobs = await talk.grab(GRABS); jobs.length > 0; jobs = await talk.grab(GRABS)) {
    for (const job of jobs) talk.end("WORK_COMPLETE", job);
    given.push(...jobs);
  }
  talk.send("CANT_DO", fn);
  return given;
}

async function handlesThere(talk: Talk): Promise<Set<string>> {
  const rows = (await talk.text("show jobs")).split("\n").filter((row) => row.includes("\t"));
  return new Set(rows.map((row) => row.split("\t")[0] ?? ""));
}

async function newHandles(talk: Talk, ledger: Ledger): Promise<string[]> {
  const jobs = [true, false, true].map((background, nth) => sentJob(FRESH + nth, { function: "fresh", background }));
  await talk.submit(...jobs);
  return jobs.map(({ id }) => ledger.accounts.get(id)?.handle ?? "");
}
