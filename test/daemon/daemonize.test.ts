import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";
import { ended, runProgram } from "../support/program.ts";

/** A daemon in the background, stopped when the test is over. */
class Background {
  readonly folder = new Folder();
  readonly pidFile = this.folder.file("pid");
  readonly logFile = this.folder.file("log");
  readonly socket = this.folder.file("socket");
  readonly result = runProgram("-d", `-Lunix:${this.socket}`, "-P", this.pidFile, "-l", this.logFile);

  get pid(): number {
    return Number(readFileSync(this.pidFile, "utf8"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (existsSync(this.pidFile)) {
      const { pid } = this;
      process.kill(pid, "SIGTERM");
      ended(pid);
    }
    await this.folder[Symbol.asyncDispose]();
  }
}

/** Whoever the process is a child of, its session and its terminal: `pid (name) state ppid pgrp session tty`. */
const statOf = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\) /, "").split(" ");

describe("-d", () => {
  it("returns 0 once the port is open, silent, with its pipes closed", async () => {
    await using background = new Background();
    expect(background.result).toMatchObject({ status: 0, stdout: "", stderr: "" });
    await using peer = await Peer.connect({ path: background.socket });
    expect(await peer.text("getpid")).toBe(`OK ${background.pid}\n`);
  });

  it("leaves the terminal: its own session, no stdio, the same folder", async () => {
    await using background = new Background();
    const { pid } = background;
    const [, , , session, terminal] = statOf(pid);
    expect([session, terminal]).toEqual([String(pid), "0"]);
    expect([0, 1, 2].map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))).toEqual(Array(3).fill("/dev/null"));
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe(process.cwd());
  });

  it("removes its pid file at SIGTERM", async () => {
    await using background = new Background();
    const { pid } = background;
    process.kill(pid, "SIGTERM");
    ended(pid);
    expect(existsSync(background.pidFile)).toBe(false);
    expect(readFileSync(background.logFile, "utf8")).toContain('"msg":"stopped"');
  });

  it("returns 1 with the reason when the port is taken, and leaves nothing behind", async () => {
    await using other = await startDaemon();
    await using folder = new Folder();
    const pidFile = folder.file("pid");
    const result = runProgram("-d", "-L127.0.0.1", `-p${other.port}`, "-P", pidFile, "-lnone");
    expect(result).toMatchObject({ status: 1, stdout: "" });
    expect(result.stderr).toContain(`gearmand-ts: Could not listen on 127.0.0.1:${other.port}: the port is in use`);
    expect(existsSync(pidFile)).toBe(false);
  });

  it("returns 1 with the reason for what only the daemon can find out", () => {
    expect(runProgram("-d", "-p0", "-lnone", "-P", "/nonexistent/pid")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("gearmand-ts: Could not open pid file for writing: /nonexistent/pid"),
    });
  });

  it("says on stderr that the log file can't be opened", async () => {
    await using folder = new Folder();
    const pidFile = folder.file("pid");
    const result = runProgram("-d", "-L127.0.0.1", "-p0", "-P", pidFile, "-l", "/nonexistent/log");
    const pid = Number(readFileSync(pidFile, "utf8"));
    process.kill(pid, "SIGTERM");
    ended(pid);
    expect(result).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(
        /^gearmand-ts: Could not open log file "\/nonexistent\/log", from ".*", switching to stderr\. \(ENOENT.*\)\n$/,
      ),
    });
  });
});
