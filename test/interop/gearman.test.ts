import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { gearmanInstalled } from "../support/interop-libraries.ts";
import { type Command, noProgramLeft, test } from "../support/interop-programs.ts";
import { ask, onEachServer, row } from "../support/interop-servers.ts";
import { becomes, prefix } from "./job-types.ts";

noProgramLeft();

describe.skipIf(!gearmanInstalled)("the gearman tool", () => {
  onEachServer([], (server) => {
    const gearman = (...args: string[]): Command => ({
      file: "gearman",
      args: ["-h", server().host, "-p", `${server().port}`, ...args],
    });
    const upper = ["--", "tr", "a-z", "A-Z"];

    test("one job for each argument", async ({ programs }) => {
      const name = prefix();
      programs.start(gearman("-w", "-f", name, ...upper));
      const { stdout, code } = await programs.run(gearman("-f", name, "one", "two"));
      expect([stdout, code]).toEqual(["ONETWO", 0]);
    });

    test("all of the standard input as one job", async ({ programs }) => {
      const name = prefix();
      programs.start(gearman("-w", "-f", name, "--", "wc", "-l"));
      const { stdout, code } = await programs.run(gearman("-f", name), "a\nb\nc\n");
      expect([stdout.trim(), code]).toEqual(["3", 0]);
    });

    test("one job a line: -n keeps the newline, -N does not", async ({ programs }) => {
      const name = prefix();
      programs.start(gearman("-w", "-f", name, "--", "wc", "-c"));
      const kept = await programs.run(gearman("-f", name, "-n"), "a\nbc\n");
      const cut = await programs.run(gearman("-f", name, "-N"), "a\nbc\n");
      expect([kept.stdout.match(/\d+/g), cut.stdout.match(/\d+/g)]).toEqual([
        ["2", "3"],
        ["1", "2"],
      ]);
    });

    test("-P and several functions: every job goes to each of them", async ({ programs }) => {
      const [first, second] = [prefix(), prefix()];
      programs.start(gearman("-w", "-f", first, "-f", second, ...upper));
      const { stdout, code } = await programs.run(gearman("-P", "-f", first, "-f", second, "x"));
      expect([stdout.match(/test\d+: X/g)?.sort(), code]).toEqual([[`${first}: X`, `${second}: X`].sort(), 0]);
    });

    test("-s: a job without bytes", async ({ programs }) => {
      const name = prefix();
      programs.start(gearman("-w", "-f", name, "--", "wc", "-c"));
      const { stdout, code } = await programs.run(gearman("-f", name, "-s"));
      expect([stdout.trim(), code]).toEqual(["0", 0]);
    });

    test("-b, -I and -L: background jobs run by priority; -c ends the worker", async ({ programs }) => {
      const name = prefix();
      for (const [flags, workload] of [
        ["-bL", "low "],
        ["-b", "normal "],
        ["-bI", "high "],
      ] as const) {
        const { stdout, code } = await programs.run(gearman("-v", flags, "-f", name, workload));
        expect([stdout, code]).toEqual([expect.stringMatching(/^Task created: H:\S+:\d+\n$/), 0]);
      }
      const { stdout, code } = await programs.run(gearman("-w", "-c", "3", "-f", name));
      expect([stdout, code]).toEqual(["high normal low ", 0]);
    });

    test("foreground jobs of high and low priority", async ({ programs }) => {
      const name = prefix();
      programs.start(gearman("-w", "-f", name, ...upper));
      for (const flag of ["-I", "-L"]) {
        expect(await programs.run(gearman(flag, "-f", name, "x"))).toMatchObject({ stdout: "X", code: 0 });
      }
    });

    test("-u: clients with one unique share one job", async ({ programs }) => {
      const name = prefix();
      const clients = ["first", "second"].map((text) => {
        const { file, args } = gearman("-v", "-u", "same", "-f", name, text);
        return programs.start({ file: "stdbuf", args: ["-oL", file, ...args] }); // else it tells of its task at its end
      });
      await Promise.all(clients.map((client) => client.linesTo("Task created")));
      expect(await row(server(), "status", name)).toBe(`${name}\t1\t0\t0`);
      programs.start(gearman("-w", "-c", "1", "-f", name, "--", "echo", "done"));
      const results = await Promise.all(clients.map((client) => client.result()));
      expect(results.map(({ stdout, code }) => [stdout.split("\n")[1], code])).toEqual(Array(2).fill(["done", 0]));
    });

    test("a command that fails: its output comes as data, then the job fails, and exit code 1", async ({
      programs,
    }) => {
      const name = prefix();
      programs.start(gearman("-w", "-f", name, "--", "sh", "-c", "echo before; exit 3"));
      const { stdout, stderr, code } = await programs.run(gearman("-f", name, "x"));
      expect([stdout, stderr, code]).toEqual(["before\n", expect.stringContaining("Job failed"), 1]);
    });

    test("a worker with -n sends a data packet a line", async ({ programs }) => {
      const name = prefix();
      programs.start(gearman("-w", "-n", "-f", name, "--", "echo", "line"));
      const { stdout, code } = await programs.run(gearman("-f", name, "x"));
      expect([stdout, code]).toEqual(["line\n", 0]);
    });

    test("-t: a client that nobody serves gives up, and its job is abandoned", async ({ programs }) => {
      const name = prefix();
      const { stderr, code } = await programs.run(gearman("-t", "100", "-f", name, "x"));
      expect([stderr, code]).toEqual([expect.stringContaining("GEARMAN_TIMEOUT"), 0]);
      await programs.run(gearman("-b", "-f", name, "next"));
      expect((await programs.run(gearman("-w", "-c", "1", "-f", name))).stdout).toBe("next");
    });

    test("GEARMAN_SERVER names the server", async ({ programs }) => {
      const name = prefix();
      programs.start(gearman("-w", "-f", name, ...upper));
      const env = { GEARMAN_SERVER: `${server().host}:${server().port}` };
      expect(await programs.run({ file: "gearman", args: ["-f", name, "x"], env })).toMatchObject({
        stdout: "X",
        code: 0,
      });
    });

    test("-d and -i: a worker that detaches, writes its pid and ends after its job", async ({
      programs,
      onTestFinished,
    }) => {
      const directory = mkdtempSync(join(tmpdir(), "interop-"));
      onTestFinished(() => rmSync(directory, { recursive: true }));
      const name = prefix();
      const worker = await programs.run(
        gearman("-w", "-d", "-c", "1", "-i", join(directory, "pid"), "-f", name, ...upper),
      );
      expect(worker.code).toBe(0);
      expect(await programs.run(gearman("-f", name, "x"))).toMatchObject({ stdout: "X", code: 0 });
      await becomes(undefined, async () => (await ask(server(), "workers")).find((line) => line.includes(` ${name}`)));
    });
  });
});
