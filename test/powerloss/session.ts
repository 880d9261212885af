import { mkdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { toVictim } from "../faults/life.ts";
import { Victim } from "../faults/victim.ts";
import { Random } from "../model/random.ts";
import type { Folder } from "../support/folder.ts";
import { Chronicle } from "./chronicle.ts";
import { Load, type Present } from "./load.ts";
import { compileRecorder, type Operation, readRecording, recorded } from "./recording.ts";

/** The store is at rest for longer than it waits before it tidies up, milliseconds. */
const REST = 1500;

/** What a daemon did to its files, and what it said meanwhile. */
export interface Session {
  /** What was recorded lies below it. */
  readonly root: string;
  /** The name of the data directory in it. */
  readonly data: string;
  readonly operations: readonly Operation[];
  readonly chronicle: Chronicle;
}

export interface Script {
  readonly seed: number;
  /** About as many are sent. */
  readonly jobs: number;
  /** Of the daemon. */
  readonly args?: readonly string[];
}

/** Records daemons under a mixed load: one is stopped in the middle of it; the next is drained, left alone for a while, and loaded again. */
export async function recordSession(folder: Folder, { seed, jobs, args = [] }: Script): Promise<Session> {
  const [root, log, data] = [folder.file("disk"), folder.file("log"), "data"];
  mkdirSync(root);
  const env = recorded(compileRecorder(folder.path), root, log);
  const chronicle = new Chronicle();
  const load = new Load(chronicle, new Random(seed));
  for (const play of [stopUnderLoad, drainAndRest]) {
    await using victim = new Victim({ dir: `${root}/${data}`, env, args });
    const connect = toVictim(victim);
    const present = { open: (name: string) => connect(chronicle, name), gone: victim.exited };
    const workers = [load.worker(present), load.worker(present)];
    const clients = await play(load, present, jobs / 2);
    const { code } = await victim.stop();
    if (code !== 0) throw new Error(`the daemon ended with ${code}: ${victim.output}`);
    await Promise.all([...workers, ...clients]);
  }
  return { root, data, operations: readRecording(log), chronicle };
}

/** Gives the clients that go on when it has ended. */
type Play = (load: Load, present: Present, jobs: number) => Promise<Promise<void>[]>;

const stopUnderLoad: Play = async (load, present, jobs) => {
  const clients = startClients(load, present, Number.POSITIVE_INFINITY);
  await load.submitted(jobs, present);
  return clients;
};

const drainAndRest: Play = async (load, present, jobs) => {
  await Promise.all(startClients(load, present, jobs / CLIENTS / 2));
  await load.flood(present);
  await load.drained(present);
  await setTimeout(REST);
  const clients = startClients(load, present, Number.POSITIVE_INFINITY);
  await load.submitted(2 * jobs, present);
  return clients;
};

const CLIENTS = 4;

const startClients = (load: Load, present: Present, jobs: number): Promise<void>[] => [
  load.promoter(present, jobs),
  ...Array.from({ length: CLIENTS - 1 }, () => load.client(present, jobs)),
];
