import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtProgram } from "../support/built.ts";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { installed, runProgram } from "../support/program.ts";

const root = process.getuid?.() === 0;
const NOBODY = 65534;

/** Not so when Node or this folder is for root alone. */
const nobodyCanRun =
  root && spawnSync(process.execPath, [builtProgram(), "-V"], { uid: NOBODY, gid: NOBODY }).status === 0;

const line = (pid: number, file: string, start: string): string | undefined =>
  readFileSync(`/proc/${pid}/${file}`, "utf8")
    .split("\n")
    .find((candidate) => candidate.startsWith(start));

describe("--pid-file", () => {
  it("holds the process ID and a line end, mode 0644, and goes at exit", async () => {
    await using folder = new Folder();
    const file = folder.file("pid");
    writeFileSync(file, "an older and longer one\n");
    await using daemon = await startDaemon(["-P", file]);
    expect(readFileSync(file, "utf8")).toBe(`${daemon.pid}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    await daemon.stop();
    expect(existsSync(file)).toBe(false);
  });

  it("that can't be written is an error", async () => {
    await using folder = new Folder();
    for (const file of ["/nonexistent/pid", folder.path]) {
      const { status, stderr } = runProgram("-p0", "-L127.0.0.1", "-P", file);
      expect([status, stderr]).toEqual([
        1,
        expect.stringContaining(`gearmand-ts: Could not open pid file for writing: ${file}`),
      ]);
    }
  });
});

describe.skipIf(!root)("--user, as root", () => {
  it("gives up root and its groups before the first file", async () => {
    await using folder = new Folder();
    await using daemon = await startDaemon(["-u", "nobody", "-P", folder.file("pid"), "-l", folder.file("log")]);
    expect(line(daemon.pid, "status", "Uid")).toBe(`Uid:\t${Array(4).fill(NOBODY).join("\t")}`);
    expect(line(daemon.pid, "status", "Groups")?.trimEnd()).toBe(`Groups:\t${NOBODY}`);
    expect(statSync(folder.file("pid")).uid).toBe(NOBODY);
    expect(statSync(folder.file("log")).uid).toBe(NOBODY);
  });

  it("refuses a user that is none", () => {
    expect(runProgram("-p0", "-u", "nosuchuser")).toMatchObject({
      status: 1,
      stderr: "gearmand-ts: Could not find user : nosuchuser\n",
    });
  });

  it.skipIf(!nobodyCanRun)("is for root only", async () => {
    await expect(startDaemon(["-u", "nobody"], { uid: NOBODY, gid: NOBODY })).rejects.toMatchObject({
      exit: { code: 1, signal: null },
      output: "gearmand-ts: Must be root to switch users.",
    });
  });
});

describe.skipIf(!installed("prlimit"))("--file-descriptors", () => {
  it("sets the soft limit", async () => {
    await using daemon = await startDaemon(["-f", "300"]);
    expect(line(daemon.pid, "limits", "Max open files")).toMatch(/^Max open files +300 /);
  });

  it("that the kernel does not allow is an error", () => {
    const { status, stderr } = runProgram("-p0", "-L127.0.0.1", "-f", "99999999999");
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(
        "gearmand-ts: Failed to set limit for the number of file descriptors.  Try running as root or giving a smaller value to -f. (",
      ),
    ]);
  });

  it("says what to do where prlimit is missing", async () => {
    await expect(startDaemon(["-f", "300"], { env: { PATH: "" } })).rejects.toMatchObject({
      output: expect.stringContaining("the program prlimit of util-linux is not installed; ulimit -n"),
    });
  });
});
