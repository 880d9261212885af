import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Folder } from "../support/folder.ts";
import type { Scenario } from "./scenarios.ts";
import { openRoom } from "./small-disk.ts";
import { playOn, recover, type Struck } from "./strike.ts";
import { Victim } from "./victim.ts";

/** What is made to fail. */
export type FailingCall = "fsync" | "pwrite64";

export interface Failed extends Struck {
  /** What failed; undefined: the call did not come so often. */
  readonly what: "file" | "directory" | undefined;
  /** Acknowledgements that left after the error, of jobs that were not on disk before it. */
  readonly lateAcknowledgements: number;
  /** From the error to the end of the process, milliseconds. */
  readonly lasted: number;
  readonly output: string;
}

/** Where replies leave, besides what touches the disk. SQLite is built with either of the syncs. */
const WATCHED = ["fsync", "fdatasync", "pwrite64", "write", "writev", "sendto", "sendmsg"];
const CALLS = { fsync: ["fsync", "fdatasync"], pwrite64: ["pwrite64"] };

/** Plays the scenario with an I/O error at the nth call, starts anew, and judges. */
export async function failAt(scenario: Scenario, call: FailingCall, nth: number): Promise<Failed> {
  await using folder = new Folder();
  await using room = openRoom();
  const [dir, log] = [join(room.path, "data"), folder.file("log")];
  const ledger = scenario.before.ledger.copy();
  const injection = { files: [], calls: CALLS[call], what: "error=EIO", when: String(nth), watched: WATCHED, log };
  await using victim = new Victim({ dir, injection });
  const remains = await playOn(victim, scenario, ledger);
  const judgement = await recover(dir, ledger, "here");
  return { ...remains, ...judgement, ...readLog(readFileSync(log, "utf8").split("\n")) };
}

/** What must not be after an error of a file: SQLite takes no notice of a directory that cannot be synced. */
export function wrongsAfterError({ what, exit, lateAcknowledgements, violations }: Failed): string[] {
  if (what !== "file") return [...violations];
  const wrongs = [...violations];
  if (exit.code === 0) wrongs.push("it went on");
  if (lateAcknowledgements > 0) wrongs.push(`${lateAcknowledgements} acknowledgements left after it`);
  return wrongs;
}

/** As strace shows a JOB_CREATED: its header, of which the last byte is a length, and the handle. */
const ACKNOWLEDGEMENT = /\\0RES\\0\\0\\0\\10\\0\\0\\0(?:\\\d+|\\?.)([^\\"]+)/g;

const SYNCED = /f(?:data)?sync.* = 0/;

const timeOf = (line: string | undefined): number => Number(line?.split(/ +/)[1]) * 1000;

/** What the trace tells of the error. */
export function readLog(lines: readonly string[]): Pick<Failed, "what" | "lateAcknowledgements" | "lasted"> {
  const at = lines.findIndex((line) => line.includes("(INJECTED)"));
  if (at < 0) return { what: undefined, lateAcknowledgements: 0, lasted: 0 };
  const after = lines.slice(at + 1);
  // What the sync before this one has covered may still be on its way to a client.
  const lastSync = lines.slice(0, at).findLastIndex((line) => SYNCED.test(line));
  const synced = lines.slice(0, lastSync + 1);
  return {
    what: /(jobs\.sqlite|ballast)/.test(lines[at] ?? "") ? "file" : "directory",
    lateAcknowledgements: acknowledged(after).filter((handle) => !isStored(handle, synced)).length,
    lasted: Math.round(timeOf(after.findLast((line) => line !== "")) - timeOf(lines[at])),
  };
}

const acknowledged = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => [...line.matchAll(ACKNOWLEDGEMENT)].map(([, handle = ""]) => handle));

const isStored = (handle: string, lines: readonly string[]): boolean =>
  lines.some(
    (line) => line.includes("jobs.sqlite") && line.split(handle).some((rest, nth) => nth > 0 && !/^\d/.test(rest)),
  );
