import { mkdirSync, symlinkSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";
import { FailJob, Worker } from "../../src/worker/index.ts";
import { builtProgram } from "../support/built.ts";
import type { Folder } from "../support/folder.ts";
import type { Command, Program, Result } from "../support/interop-programs.ts";
import { row, type Server } from "../support/interop-servers.ts";

/** Nothing of our own environment says where servers are. */
export const NO_SERVERS = { GEARMAN_SERVER: "", GEARMAN_SERVERS: "" };

const at = ({ host, port }: Server): readonly string[] => ["-h", host, "-p", `${port}`];

/** A command line of ours, at a server or at none. */
export const gearmanTs = (server: Server | undefined, ...args: readonly string[]): Command => ({
  file: process.execPath,
  args: [builtProgram("gearman-ts"), ...(server === undefined ? [] : at(server)), ...args],
  env: NO_SERVERS,
});

/** The same for the C tool; what it has for stdout is written at once, else status and handles come at its end. */
export const gearman = (server: Server, ...args: readonly string[]): Command => ({
  file: "stdbuf",
  args: ["-o0", "gearman", ...at(server), ...args],
});

/** Through a shell: its redirections, pipes and expansions around `$GEARMAN`. */
export const inShell = (script: string, command: Command): Command => ({
  file: "bash",
  args: ["-c", script, "bash", ...command.args],
  env: { ...command.env, NODE: command.file },
});

/** What stands for the command in a script of `inShell`. */
export const IT = '"$NODE" "$@"';

/** A worker for the functions below, while the tests of a block run. */
export function withWorker(server: () => Server): void {
  let worker: Worker | undefined;
  beforeAll(async () => {
    worker = new Worker({ servers: `${server().host}:${server().port}` });
    worker.register("upper", (job) => job.text().toUpperCase());
    worker.register("same", (job) => job.bytes);
    worker.register("nothing", () => undefined);
    worker.register("fail", () => Promise.reject(new FailJob()));
    worker.register("throw", () => Promise.reject(new Error("boom")));
    worker.register("events", async (job) => {
      await job.sendData("some ");
      await job.sendWarning("careful\n");
      for (let done = 0; done <= 3; done++) await job.sendStatus(done, 3);
      return "rest\n";
    });
    await worker.ready();
  });
  afterAll(() => worker?.close());
}

/** A folder with the programs under their names, as a package manager makes it; returns the PATH with it. */
export const installedIn = (folder: Folder): string => {
  const bin = folder.file("bin");
  mkdirSync(bin);
  symlinkSync(builtProgram("gearmand-ts"), `${bin}/gearmand-ts`);
  symlinkSync(builtProgram("gearadmin-ts"), `${bin}/gearadmin-ts`);
  symlinkSync(builtProgram("gearman-ts"), `${bin}/gearman-ts`);
  symlinkSync(builtProgram("gearman-ts"), `${bin}/gearman`);
  return `${bin}:${process.env["PATH"]}`;
};

/** A command line of gearman-ts as one called by C's name, in a folder of `installedIn`. */
export const calledGearman = (folder: Folder, { args: [, ...args], ...command }: Command): Command => ({
  ...command,
  args: [folder.file("bin/gearman"), ...args],
});

/** Runs a command as a job of a shell; then `pid N` is its first line and `status N`, as the shell has it, its last. */
export const asShellJob = (command: Command): Command =>
  inShell(`set -m; ${IT} & echo "pid $!"; wait $!; echo "status $?"`, command);

/** The process id that `asShellJob` prints. */
export const pidOf = async (program: Program): Promise<number> => {
  const [line = ""] = await program.linesTo("pid ");
  return Number(line.slice("pid ".length));
};

/** The status that `asShellJob` prints. */
export const statusOf = ({ stdout }: Result): number => Number(/^status (\d+)$/m.exec(stdout)?.[1]);

/** Asks the server until its status shows so many jobs, running ones and workers of a function; the test's own time limit ends it. */
export async function untilStatus(server: Server, name: string, counts: string): Promise<void> {
  while ((await row(server, "status", name)) !== `${name}\t${counts}`);
}
