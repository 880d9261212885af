import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";

/** What operators ran into; each failed once. */

const backgroundJob = async (port: number): Promise<void> => {
  const client = await Peer.connect(port);
  client.send("SUBMIT_JOB_BG", "f", "", "work");
  await client.packet("JOB_CREATED");
  client.destroy();
};

it("SIGUSR1 waits for jobs though no connection is left; SIGTERM then says how many are lost", async () => {
  await using daemon = await startDaemon();
  await backgroundJob(daemon.port);
  daemon.signal("SIGUSR1");
  await daemon.line("stopping once no job is left");
  daemon.signal("SIGHUP");
  await daemon.line("nothing to open again");
  daemon.signal("SIGTERM");
  expect(await daemon.exited).toEqual({ code: 0, signal: null });
  expect(JSON.parse(daemon.lines.at(-1) ?? "")).toMatchObject({ level: "warn", jobs: 1 });
});

it("a start that is refused leaves the pid file of the server that runs", async () => {
  await using folder = new Folder();
  const pidFile = folder.file("pid");
  await using daemon = await startDaemon([`--pid-file=${pidFile}`]);
  await expect(startDaemon([`--listen=127.0.0.1:${daemon.port}`, `--pid-file=${pidFile}`])).rejects.toThrow("in use");
  expect(readFileSync(pidFile, "latin1")).toBe(`${daemon.pid}\n`);
});

it("a server removes the pid file only while it names it", async () => {
  await using folder = new Folder();
  const pidFile = folder.file("pid");
  await using first = await startDaemon([`--pid-file=${pidFile}`]);
  await using second = await startDaemon([`--pid-file=${pidFile}`]);
  await first.stop();
  expect(readFileSync(pidFile, "latin1")).toBe(`${second.pid}\n`);
});

it.each([
  [["--listen=unix:/nowhere/at/all.sock"], "its folder does not exist or may not be written"],
  [["--listen=unix:/etc/passwd"], "the file is no socket"],
  [["--ssl", "--ssl-certificate=/nowhere.pem"], "--ssl-certificate /nowhere.pem"],
  [["--ssl", "--ssl-certificate=/etc/passwd", "--ssl-key=/etc/passwd"], "each must be a readable PEM file"],
])("%j is refused with what to do", async (flags, remedy) => {
  await expect(startDaemon(flags)).rejects.toThrow(remedy);
});
