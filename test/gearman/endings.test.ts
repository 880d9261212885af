import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { describe, expect, vi } from "vitest";
import { prefix } from "../interop/job-types.ts";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { asShellJob, gearmanTs, IT, inShell, pidOf, statusOf, withWorker } from "./support.ts";

noProgramLeft();

/** What is not there any more, or will not be in a moment: it was killed before who killed it ended. */
const gone = (pid: string) =>
  vi.waitFor(() => expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH"), { timeout: 10_000 });

/** A command that hears no SIGTERM and tells the fifo who runs. */
const stubborn = (folder: Folder) => {
  const fifo = folder.file("pids");
  execFileSync("mkfifo", [fifo]);
  const script = `trap "" TERM; sleep 100 & echo "$$ $!" > ${fifo}; wait`;
  const pids = () => execFileSync("cat", [fifo], { encoding: "utf8" }).trim().split(" ");
  return { command: ["--", "sh", "-c", script], pids };
};

/** The files without a name that a process has open, and their sizes. */
const spooledBy = (pid: number): number[] => {
  const folder = `/proc/${pid}/fd`;
  const paths = readdirSync(folder).map((fd) => `${folder}/${fd}`);
  return paths.filter((path) => readlinkSync(path).includes("gearman-ts-")).map((path) => statSync(path).size);
};

describe("a worker", () => {
  onEachServer([], (server) => {
    test("a second SIGINT: a command that hears no SIGTERM is killed too", async ({ programs }) => {
      await using folder = new Folder();
      const name = prefix();
      const { command, pids } = stubborn(folder);
      const worker = programs.start(asShellJob(gearmanTs(server(), "-w", "-f", name, ...command)));
      const pid = await pidOf(worker);
      await programs.run(gearmanTs(server(), "-b", "-s", "-f", name));
      const running = pids();
      process.kill(pid, "SIGINT");
      await worker.complaint("once more ends them");
      process.kill(pid, "SIGINT");
      expect(statusOf(await worker.result())).toBe(130);
      for (const one of running) await gone(one);
    });

    test.for([
      ["SIGQUIT", 131],
      ["SIGUSR2", 140],
      ["SIGALRM", 142],
    ] as const)("%s ends it at once, with what it runs and its pid file", async ([signal, status], { programs }) => {
      await using folder = new Folder();
      const [name, file] = [prefix(), folder.file("pid")];
      const { command, pids } = stubborn(folder);
      const worker = programs.start(asShellJob(gearmanTs(server(), "-w", "-i", file, "-f", name, ...command)));
      const pid = await pidOf(worker);
      await programs.run(gearmanTs(server(), "-b", "-s", "-f", name));
      const running = pids();
      process.kill(pid, signal);
      expect(statusOf(await worker.result())).toBe(status);
      for (const one of running) await gone(one);
      expect(existsSync(file)).toBe(false);
    });

    test("goes on when nobody reads its stderr", async ({ programs }) => {
      const name = prefix();
      const line = gearmanTs(server(), "-w", "-v", "-c", "2", "-f", name, "--", "tr", "a-z", "A-Z");
      const worker = programs.start(inShell(`${IT} 2> >(:); echo "status $?"`, line));
      for (const word of ["one", "two"]) {
        expect(await programs.run(gearmanTs(server(), "-f", name, word))).toMatchObject({
          stdout: word.toUpperCase(),
          code: 0,
        });
      }
      expect(statusOf(await worker.result())).toBe(0);
    });

    test("an output that cannot be spooled ends its command", async ({ programs }) => {
      const name = prefix();
      const line = gearmanTs(server(), "-w", "-f", name, "--", "sh", "-c", "head -c 20M /dev/zero; sleep 100");
      programs.start({ ...line, env: { ...line.env, TMPDIR: "/nonexistent" } });
      const { stderr, code } = await programs.run(gearmanTs(server(), "-s", "-f", name));
      expect([stderr, code]).toEqual([expect.stringMatching(/ENOENT[^\n]*\nJob failed[^\n]*\n$/), 1]);
    });
  });

  test("that loses the server closes the file of a result that nobody wants any more", async ({ programs }) => {
    const SIZE = 20 * 1024 ** 2;
    const daemon = await startDaemon([]);
    const server = { name: "gearmand-ts", host: "127.0.0.1", port: daemon.port, stop: async () => {} } as const;
    const script = `head -c ${SIZE} /dev/zero; exec >&-; sleep 100`;
    const worker = programs.start(asShellJob(gearmanTs(server, "-w", "-v", "-f", "x", "--", "sh", "-c", script)));
    const pid = await pidOf(worker);
    await programs.run(gearmanTs(server, "-b", "-s", "-f", "x"));
    await vi.waitFor(() => expect(spooledBy(pid)).toEqual([SIZE]), { timeout: 20_000 });
    await daemon[Symbol.asyncDispose]();
    await worker.complaint("aborted ");
    await vi.waitFor(() => expect(spooledBy(pid)).toEqual([]), { timeout: 10_000 });
    process.kill(pid, "SIGTERM");
    expect((await worker.result()).stderr).not.toContain("DEP0137");
  });
});

describe("a client", () => {
  onEachServer([], (server) => {
    withWorker(server);

    test("goes on when nobody reads its stderr", async ({ programs }) => {
      await using folder = new Folder();
      const file = folder.file("pid");
      const line = gearmanTs(server(), "-n", "-i", file, "-f", "fail", "-f", "upper");
      const { stdout } = await programs.run(inShell(`${IT} 2> >(:); echo "status $?"`, line), "a\nb\n");
      expect([stdout, existsSync(file)]).toEqual(["A\nB\nstatus 1\n", false]);
    });

    test("bytes that are not UTF-8: changed in an argument, kept in the input", async ({ programs }) => {
      const script = `${IT} $'\\xff'; printf '\\xff' | ${IT}`;
      const { stdout } = await programs.run(inShell(script, gearmanTs(server(), "-f", "same")));
      expect(stdout).toBe("\xef\xbf\xbd\xff");
    });
  });
});
