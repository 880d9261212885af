import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { prefix } from "../interop/job-types.ts";
import { Folder } from "../support/folder.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer, type Server } from "../support/interop-servers.ts";
import { ended } from "../support/program.ts";
import { asShellJob, gearmanTs, IT, inShell, pidOf, statusOf, untilStatus, withWorker } from "./support.ts";

noProgramLeft();

const running = (server: Server, name: string) => untilStatus(server, name, "1\t1\t1");
const waiting = (server: Server, name: string) => untilStatus(server, name, "1\t0\t0");

/** A command that runs until somebody writes to the fifo, and gives what was written. */
const untilWritten = (folder: Folder) => {
  const fifo = folder.file("fifo");
  execFileSync("mkfifo", [fifo]);
  return { command: ["--", "cat", fifo], write: (text: string) => writeFileSync(fifo, text) };
};

describe("a client", () => {
  onEachServer([], (server) => {
    withWorker(server);

    test.for([
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ] as const)("%s ends it at once", async ([signal, status], { programs }) => {
      const name = prefix();
      const client = programs.start(asShellJob(gearmanTs(server(), "-f", name, "x")));
      const pid = await pidOf(client);
      await waiting(server(), name);
      process.kill(pid, signal);
      expect(statusOf(await client.result())).toBe(status);
    });

    test("a reader that goes away ends it quietly, as SIGPIPE would", async ({ programs }) => {
      const script = `yes | head -c 3000000 | ${IT} | head -n 1; echo "status ${"$"}{PIPESTATUS[2]}"`;
      const { stdout, stderr } = await programs.run(inShell(script, gearmanTs(server(), "-f", "same", "-n")));
      expect([stdout, stderr]).toEqual(["y\nstatus 141\n", ""]);
    });

    test("a slow reader gets everything", async ({ programs }) => {
      const script = `head -c 3000000 /dev/zero | ${IT} | { sleep 0.5; wc -c; }`;
      const { stdout } = await programs.run(inShell(script, gearmanTs(server(), "-f", "same")));
      expect(Number(stdout)).toBe(3_000_000);
    });

    test("an output that cannot be written is said so", async ({ programs }) => {
      const { stderr, stdout } = await programs.run(
        inShell(`${IT} > /dev/full; echo "status $?"`, gearmanTs(server(), "-f", "same", "x")),
      );
      expect([stderr, stdout]).toEqual([expect.stringContaining("could not be written: ENOSPC"), "status 4\n"]);
    });
  });
});

describe("a worker", () => {
  onEachServer([], (server) => {
    test.for([
      ["SIGTERM", 0],
      ["SIGINT", 130],
      ["SIGHUP", 0],
      ["SIGUSR1", 0],
    ] as const)("%s: the running job ends first", async ([signal, status], { programs }) => {
      await using folder = new Folder();
      const name = prefix();
      const { command, write } = untilWritten(folder);
      const worker = programs.start(asShellJob(gearmanTs(server(), "-w", "-f", name, ...command)));
      const pid = await pidOf(worker);
      const client = programs.start(gearmanTs(server(), "-s", "-f", name));
      await running(server(), name);
      process.kill(pid, signal);
      await worker.complaint("stopping: 1 running may finish");
      write("done\n");
      expect(await client.result()).toEqual({ stdout: "done\n", stderr: "", code: 0 });
      expect(statusOf(await worker.result())).toBe(status);
    });

    test.for([
      ["SIGTERM", 143],
      ["SIGINT", 130],
    ] as const)(
      "%s twice: what it runs is killed, and another worker gets the job",
      async ([signal, status], { programs }) => {
        await using folder = new Folder();
        const [name, pids] = [prefix(), folder.file("pids")];
        execFileSync("mkfifo", [pids]);
        const script = `sleep 1000 & echo "$$ $!" > ${pids}; wait`;
        const worker = programs.start(asShellJob(gearmanTs(server(), "-w", "-f", name, "--", "sh", "-c", script)));
        const pid = await pidOf(worker);
        const client = programs.start(gearmanTs(server(), "-s", "-f", name));
        const command = execFileSync("cat", [pids], { encoding: "utf8" });
        process.kill(pid, signal);
        await worker.complaint("stopping: 1 running may finish; once more ends them");
        process.kill(pid, signal);
        expect(statusOf(await worker.result())).toBe(status);
        for (const one of command.trim().split(" ")) ended(Number(one));
        programs.start(gearmanTs(server(), "-w", "-f", name, "--", "echo", "again"));
        expect(await client.result()).toEqual({ stdout: "again\n", stderr: "", code: 0 });
      },
    );

    test("a client that was stopped with Ctrl-C leaves the worker in peace", async ({ programs }) => {
      await using folder = new Folder();
      const name = prefix();
      const { command, write } = untilWritten(folder);
      const worker = programs.start(gearmanTs(server(), "-w", "-c", "2", "-f", name, ...command));
      const client = programs.start(asShellJob(gearmanTs(server(), "-s", "-f", name)));
      const pid = await pidOf(client);
      await running(server(), name);
      process.kill(pid, "SIGINT");
      await client.result();
      write("nobody");
      const second = programs.start(gearmanTs(server(), "-s", "-f", name));
      await running(server(), name);
      write("somebody");
      expect(await second.result()).toMatchObject({ stdout: "somebody", code: 0 });
      expect(await worker.result()).toMatchObject({ code: 0 });
    });
  });

  test("that finds no server says so once, and goes on trying until it is stopped", async ({ programs }) => {
    const worker = programs.start(asShellJob(gearmanTs(undefined, "-h", "127.0.0.1:1", "-w", "-f", "x")));
    const pid = await pidOf(worker);
    await worker.complaint("ECONNREFUSED 127.0.0.1:1; it is tried again");
    process.kill(pid, "SIGTERM");
    const result = await worker.result();
    expect([statusOf(result), result.stderr.match(/tried again/g)?.length]).toEqual([0, 1]);
  });
});
