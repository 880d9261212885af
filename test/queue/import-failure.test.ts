/** `gearmand-ts import --delete` onto a disk that fails: a job that is removed from gearmand's file must be in the directory. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { straceCommand, whyNoStrace } from "../faults/strace.ts";
import { Bench, bytes, DDL, TABLE } from "../store/gearmand-bench.ts";
import { builtProgram } from "../support/built.ts";

const PATIENCE = 120_000;
const impossible = whyNoStrace();

interface Import extends Pick<SpawnSyncReturns<string>, "status" | "signal" | "stdout" | "stderr"> {
  /** Whether there was a sync to fail. */
  readonly struck: boolean;
  readonly left: number;
  readonly file: string;
}

/** Imports three jobs onto a disk on which that sync of the log fails, and each after it. */
async function importFailingAt(nth: number): Promise<Import> {
  await using bench = new Bench();
  bench.sql(DDL);
  for (const unique of ["a", "b", "c"]) bench.write(unique, "f", 1, bytes("w"), 0);
  const { file, folder } = bench;
  const [directory, log] = [folder.file("data"), folder.file("log")];
  const calls = ["fsync", "fdatasync"];
  const injection = { files: [`${directory}/jobs.sqlite-wal`], calls, what: "error=EIO", when: `${nth}+`, log };
  const [command = "", ...strace] = straceCommand(injection);
  const flags = ["import", `--libsqlite3-db=${file}`, `--data-dir=${directory}`, "--delete"];
  const args = [...strace, process.execPath, builtProgram(), ...flags];
  const ended = spawnSync(command, args, { encoding: "utf8", timeout: PATIENCE });
  const left = Number(bench.sql(`SELECT count(*) AS n FROM ${TABLE}`)[0]?.["n"]);
  return { ...ended, struck: readFileSync(log, "utf8").includes("(INJECTED)"), left, file };
}

it.skipIf(impossible !== undefined)(
  `nothing is removed, whichever sync fails (${impossible ?? "strace"})`,
  async () => {
    let killed = 0;
    for (let nth = 1; ; nth++) {
      const { struck, left, file, status, signal, stdout, stderr } = await importFailingAt(nth);
      if (!struck) {
        expect([status, left]).toEqual([0, 0]);
        break;
      }
      expect([left, stdout]).toEqual([3, ""]);
      if (signal === null) expect([status, stderr]).toEqual([2, expect.stringContaining("Could not open the data")]);
      else expect([++killed, stderr]).toEqual([killed, expect.stringContaining(`: ${file} is as it was`)]);
    }
    expect(killed).toBeGreaterThan(0);
  },
  PATIENCE,
);
