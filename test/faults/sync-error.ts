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
  /** Acknowledgements that left after the error. */
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

/** As strace shows the header of a JOB_CREATED. */
const ACKNOWLEDGEMENT = "\\0RES\\0\\0\\0\\10\\0";

const timeOf = (line: string | undefined): number => Number(line?.split(/ +/)[1]) * 1000;

function readLog(lines: readonly string[]): Pick<Failed, "what" | "lateAcknowledgements" | "lasted"> {
  const at = lines.findIndex((line) => line.includes("(INJECTED)"));
  if (at < 0) return { what: undefined, lateAcknowledgements: 0, lasted: 0 };
  const after = lines.slice(at + 1);
  return {
    what: /(jobs\.sqlite|ballast)/.test(lines[at] ?? "") ? "file" : "directory",
    lateAcknowledgements: after.filter((line) => line.includes(ACKNOWLEDGEMENT)).length,
    lasted: Math.round(timeOf(after.findLast((line) => line !== "")) - timeOf(lines[at])),
  };
}
