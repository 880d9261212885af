import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { becomes, prefix } from "../interop/job-types.ts";
import { Folder } from "../support/folder.ts";
import { gearmanInstalled } from "../support/interop-libraries.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { ask, onEachServer } from "../support/interop-servers.ts";
import { ended } from "../support/program.ts";
import { gearman, gearmanTs } from "./support.ts";

noProgramLeft();

const BYTES = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");

/** What a worker does, and the input of a job: client and worker write the same as with C's worker. */
const CASES: readonly (readonly [name: string, command: readonly string[], input: string])[] = [
  ["cat", ["--", "cat"], BYTES],
  ["cat of nothing", ["--", "cat"], ""],
  ["no --", ["cat"], "a"],
  ["flags of the command", ["--", "wc", "-l"], "a\nb\n"],
  ["no output", ["--", "true"], "a"],
  ["a line", ["-n", "--", "echo", "a"], ""],
  ["a line without its end", ["-N", "--", "echo", "a"], ""],
  ["a failure with output", ["--", "sh", "-c", "cat; exit 3"], "a\n"],
  ["a failure without output", ["--", "false"], "a"],
  ["no command", [], BYTES],
  ["no command and -P", ["-P"], "a"],
];

describe("a worker", () => {
  onEachServer([], (server) => {
    const client = (...args: string[]) => gearmanTs(server(), ...args);
    const worker = (...args: string[]) => gearmanTs(server(), "-w", ...args);

    describe.skipIf(!gearmanInstalled)("beside C's", () => {
      for (const [title, command, input] of CASES) {
        test(title, async ({ programs }) => {
          const [theirs, ours] = [prefix(), prefix()];
          const both = async (name: string, make: typeof gearman) => {
            const flags = ["-w", "-c", "1", "-f", name, ...command];
            const program = programs.start(make(server(), ...flags));
            const job = await programs.run(client("-P", "-f", name), input);
            const { stdout, code } = await program.result();
            const stderr = job.stderr.replaceAll(name, "f").replaceAll(/: \S+:\d+ of f$/gm, ": HANDLE of f");
            return {
              job: { ...job, stdout: job.stdout.replaceAll(name, "f"), stderr },
              stdout,
              code,
            };
          };
          expect(await both(ours, gearmanTs)).toEqual(await both(theirs, gearman));
        });
      }
    });

    test("the client of C gets every byte of our worker", async ({ programs }) => {
      const name = prefix();
      programs.start(worker("-f", name, "--", "cat"));
      expect(await programs.run(gearman(server(), "-f", name), BYTES)).toMatchObject({ stdout: BYTES, code: 0 });
    });

    test("-n and -N: each line once", async ({ programs }) => {
      for (const [flag, lines] of [
        ["-n", ["ab\n", "\n", "c"]],
        ["-N", ["ab", "", "c"]],
      ] as const) {
        const name = prefix();
        programs.start(worker(flag, "-f", name, "--", "printf", "ab\\n\\nc"));
        const { stdout } = await programs.run(client("-P", "-s", "-f", name));
        expect(stdout).toBe([...lines, ""].map((line) => `${name}: ${line}`).join(""));
      }
    });

    test("the command's environment names the job", async ({ programs }) => {
      const name = prefix();
      const script = 'echo "$GEARMAN_FUNCTION $GEARMAN_HANDLE $GEARMAN_UNIQUE"';
      programs.start(worker("-f", name, "--", "sh", "-c", script));
      const { stdout } = await programs.run(client("-v", "-u", "mine", "-s", "-f", name));
      const [, handle] = /Task created: (.+)\n/.exec(stdout) ?? [];
      expect(stdout.split("\n")[1]).toBe(`${name} ${handle} mine`);
    });

    test("stderr of the command: to the worker's and, as warnings, to the client's", async ({ programs }) => {
      const name = prefix();
      const program = programs.start(worker("-c", "1", "-f", name, "--", "sh", "-c", "echo careful >&2; echo done"));
      expect(await programs.run(client("-P", "-s", "-f", name))).toEqual({
        stdout: `${name}: done\n`,
        stderr: `${name}: careful\n`,
        code: 0,
      });
      expect(await program.result()).toEqual({ stdout: "", stderr: "careful\n", code: 0 });
    });

    test("a command that is killed by a signal: the job fails, with what there was of its output", async ({
      programs,
    }) => {
      const name = prefix();
      programs.start(worker("-f", name, "--", "sh", "-c", "echo half; kill -9 $$"));
      expect(await programs.run(client("-s", "-f", name))).toEqual({
        stdout: "half\n",
        stderr: expect.stringMatching(/^gearman-ts: the command was killed by SIGKILL\nJob failed: [^\n]*\n$/),
        code: 1,
      });
    });

    test("a command that cannot be started after all: the job fails and says why, and the worker goes on", async ({
      programs,
    }) => {
      await using folder = new Folder();
      const [name, path] = [prefix(), folder.file("command")];
      execFileSync("sh", ["-c", `printf '#!/bin/sh\\necho one; rm "$0"\\n' > ${path}; chmod +x ${path}`]);
      programs.start(worker("-f", name, "--", path));
      expect(await programs.run(client("-s", "-f", name))).toMatchObject({ stdout: "one\n", code: 0 });
      for (let again = 0; again < 2; again++) {
        const { stdout, stderr, code } = await programs.run(client("-s", "-f", name));
        expect([stdout, stderr, code]).toEqual(["", expect.stringMatching(/ENOENT[^\n]*\nJob failed: [^\n]*\n$/), 1]);
      }
    });

    test("a command that does not read its input", async ({ programs }) => {
      const name = prefix();
      programs.start(worker("-f", name, "--", "echo", "done"));
      const { stdout, stderr, code } = await programs.run(client("-f", name), "x".repeat(1_000_000));
      expect([stdout, stderr, code]).toEqual(["done\n", "", 0]);
    });

    test("--job-timeout: kills the command and all that it started, and the job fails", async ({ programs }) => {
      const name = prefix();
      const script = "trap '' TERM; sleep 1000 & echo $!; exec sleep 1000";
      programs.start(worker("-f", name, "--job-timeout", "300", "--", "sh", "-c", script));
      const { stdout, stderr, code } = await programs.run(client("-s", "-f", name));
      const killed = /^gearman-ts: the command was killed after 300 ms, the time limit of a job\nJob failed: [^\n]*\n$/;
      expect([stderr, code]).toEqual([expect.stringMatching(killed), 1]);
      ended(Number(stdout)); // neither heard SIGTERM
    });

    test("--job-timeout: one who left the group but holds the output is not waited for", async ({ programs }) => {
      const name = prefix();
      const script = "setsid sleep 1000 & echo $!; exec sleep 1000";
      programs.start(worker("-f", name, "--job-timeout", "300", "--", "sh", "-c", script));
      const { stdout, stderr, code } = await programs.run(client("-s", "-f", name));
      process.kill(Number(stdout));
      expect([stderr, code]).toEqual([expect.stringContaining("killed after 300 ms"), 1]);
    });

    test("what a command left running ends with its job", async ({ programs }) => {
      const name = prefix();
      programs.start(worker("-f", name, "--", "sh", "-c", "sleep 1000 <&- >&- 2>&- & echo $!"));
      const { stdout, code } = await programs.run(client("-s", "-f", name));
      expect(code).toBe(0);
      ended(Number(stdout));
    });

    test("--concurrency: so many jobs at once, of the client and of the worker", async ({ programs }) => {
      await using folder = new Folder();
      const [name, fifo] = [prefix(), folder.file("fifo")];
      execFileSync("mkfifo", [fifo]);
      const script = `read side || [ -n "$side" ]; if [ "$side" = in ]; then cat ${fifo}; else echo met > ${fifo}; fi`;
      programs.start(worker("-f", name, "--concurrency", "2", "--", "sh", "-c", script));
      const { stdout, code } = await programs.run(client("-f", name, "--concurrency", "2", "in", "out"));
      expect([stdout, code]).toEqual(["met\n", 0]);
    });

    test("-c: after exactly so many jobs", async ({ programs }) => {
      const name = prefix();
      await programs.run(client("-b", "-f", name, "1", "2", "3"));
      expect(await programs.run(worker("-c", "2", "-f", name))).toEqual({ stdout: "12", stderr: "", code: 0 });
      expect(await programs.run(worker("-c", "1", "-f", name))).toMatchObject({ stdout: "3", code: 0 });
    });

    test("-t: waits that bring no job count, and are told", async ({ programs }) => {
      const name = prefix();
      await programs.run(client("-b", "-f", name, "1"));
      const { stdout, stderr, code } = await programs.run(worker("-t", "100", "-c", "3", "-f", name));
      const line = `gearman-ts: no job for ${name} within 100 ms\n`;
      expect([stdout, stderr, code]).toEqual(["1", line.repeat(2), 124]);
    });

    test("-v: tells of its connections and jobs", async ({ programs }) => {
      const name = prefix();
      await programs.run(client("-b", "-f", name, "1"));
      const { stderr } = await programs.run(worker("-v", "-c", "1", "-f", name));
      expect(stderr).toMatch(
        new RegExp(`^gearman-ts: connected to \\S+\ngearman-ts: completed H:\\S+ of ${name} in \\d+ ms\n$`),
      );
    });

    test("several functions", async ({ programs }) => {
      const [one, two] = [prefix(), prefix()];
      programs.start(worker("-f", one, "-f", two, "--", "sh", "-c", 'echo "$GEARMAN_FUNCTION"'));
      const { stdout } = await programs.run(client("-s", "-f", one, "-f", two));
      expect(stdout.split("\n").sort()).toEqual(["", one, two].sort());
    });

    test("-d and -i: detaches, writes its pid, does its job, and takes the file away", async ({ programs }) => {
      await using folder = new Folder();
      const [name, file] = [prefix(), folder.file("pid")];
      const started = await programs.run(worker("-d", "-c", "1", "-i", file, "-f", name, "--", "cat"));
      expect(started).toEqual({ stdout: "", stderr: "", code: 0 });
      const pid = Number(readFileSync(file, "utf8"));
      expect(await programs.run(client("-f", name, "x"))).toMatchObject({ stdout: "x", code: 0 });
      ended(pid);
      expect(() => readFileSync(file)).toThrow("ENOENT");
      await becomes(undefined, async () => (await ask(server(), "workers")).find((line) => line.includes(` ${name}`)));
    });
  });
});

describe("a worker's command that does not exist is refused", () => {
  test.for([
    [["-w", "-f", "x", "--", "/no/such"], "the worker's command '/no/such' is no program that can be run"],
    [["-w", "-f", "x", "no-such"], "the worker's command 'no-such' is not found in PATH"],
    [
      ["-f", "x", "--", "no-such"],
      "the worker's command 'no-such' is not found in PATH; to send it as a job, leave -- out, or give a flag of a client as -s",
    ],
    [["-w", "-d", "-f", "x", "no-such"], "the worker's command 'no-such' is not found in PATH"],
  ] as const)("%j", async ([args, message], { programs }) => {
    const result = await programs.run(gearmanTs(undefined, ...args));
    expect(result).toEqual({ stdout: "", stderr: `gearman-ts: ${message}\n`, code: 2 });
  });
});
