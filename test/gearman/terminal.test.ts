import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Worker } from "../../src/worker/index.ts";
import { prefix } from "../interop/job-types.ts";
import { Folder } from "../support/folder.ts";
import { type Command, noProgramLeft, type Program, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { installed } from "../support/program.ts";
import { screenOf } from "./screen.ts";
import { calledGearman, gearmanTs, IT, inShell, installedIn } from "./support.ts";

noProgramLeft();

it("the screen of these tests understands what bars write", () => {
  expect(screenOf("a\r\nb\r\nc\r\n\x1b[2A\x1b[Jd\r\n")).toEqual(["a", "d", ""]);
});

/** On a pseudo terminal of 80 columns; the shell outlives Ctrl-C, to tell how the program ended. */
const onTerminal = ({ file, args, env }: Command): Command => {
  const line = `trap : INT; stty cols 80 -echo; ${[file, ...args].map((word) => `'${word}'`).join(" ")}; echo "exit $?"`;
  return { file: "script", args: ["-qfc", line, "/dev/null"], env: { TERM: "xterm", ...env } };
};

/** A terminal that a program writes to. */
class Terminal {
  readonly #program: Program;
  readonly #output: string[] = [];

  constructor(program: Program) {
    this.#program = program;
  }

  /** The screen once such a line has come. */
  async after(pattern: RegExp): Promise<string[]> {
    for (let line = await this.#program.line(); line !== null; line = await this.#program.line()) {
      this.#output.push(`${line}\n`);
      if (pattern.test(line)) return screenOf(this.#output.join(""));
    }
    throw new Error(`ended without ${pattern}: ${JSON.stringify(this.#output)}`);
  }

  /** What is left when the program has ended. */
  async end(): Promise<string[]> {
    const screen = await this.after(/exit \d+/);
    return screen.slice(0, -1);
  }
}

/** Jobs that go on when they are told to. */
class Steps {
  readonly #waiting = new Map<string, () => void>();

  reached(name: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(name, resolve));
  }

  release(name: string): void {
    this.#waiting.get(name)?.();
  }
}

describe.skipIf(!installed("script"))("on a terminal", () => {
  onEachServer([], (server) => {
    let worker: Worker;
    const steps = new Steps();
    beforeAll(() => {
      worker = new Worker({ servers: `${server().host}:${server().port}`, concurrency: 8 });
    });
    afterAll(() => worker.close({ timeout: 0 }));

    const register = () => {
      const name = prefix();
      worker.register(name, async (job) => {
        const text = job.text();
        await job.sendStatus(1, 4);
        await steps.reached(`${name} ${text} data`);
        await job.sendData(`data of ${text}\n`);
        await job.sendWarning(`warning of ${text}\n`);
        await job.sendStatus(3, 4);
        await steps.reached(`${name} ${text} end`);
        return `end of ${text}\n`;
      });
      return name;
    };

    test("a bar on stderr, around which data and warnings stand", async ({ programs }) => {
      const name = register();
      const terminal = new Terminal(programs.start(onTerminal(gearmanTs(server(), "-f", name, "a"))));
      const bar = (done: number, left: number, counts: string) =>
        `${name} a [${"#".repeat(done)}${"-".repeat(left)}] ${counts}`;
      expect((await terminal.after(/25%/)).slice(0, -1)).toEqual([bar(10, 30, " 25%  1/4")]);
      steps.release(`${name} a data`);
      expect((await terminal.after(/75%/)).slice(0, -1)).toEqual([
        "data of a",
        "warning of a",
        bar(30, 10, " 75%  3/4"),
      ]);
      steps.release(`${name} a end`);
      expect(await terminal.end()).toEqual(["data of a", "warning of a", "end of a", "exit 0"]);
    });

    test("several jobs, several bars; one that ends goes", async ({ programs }) => {
      const name = register();
      const command = gearmanTs(server(), "-f", name, "--concurrency", "2", "a", "b");
      const terminal = new Terminal(programs.start(onTerminal(command)));
      let screen = await terminal.after(/25%/);
      while (screen.filter((line) => line.includes("25%")).length < 2) screen = await terminal.after(/25%/);
      expect(screen.slice(0, -1).map((line) => line.split(" [")[0])).toEqual([`${name} a`, `${name} b`]);
      steps.release(`${name} b data`);
      await terminal.after(/75%/);
      steps.release(`${name} b end`);
      const left = await terminal.after(/25%/);
      expect(left.filter((line) => line.includes("%")).map((line) => line.split(" [")[0])).toEqual([`${name} a`]);
      steps.release(`${name} a data`);
      await terminal.after(/75%/);
      steps.release(`${name} a end`);
      expect((await terminal.end()).filter((line) => line.includes("%"))).toEqual([]);
    });

    test("the standard output is data alone", async ({ programs }) => {
      await using folder = new Folder();
      const name = register();
      const command = inShell(`${IT} > ${folder.file("out")}`, gearmanTs(server(), "-f", name, "a"));
      const terminal = new Terminal(programs.start(onTerminal(command)));
      await terminal.after(/25%/);
      steps.release(`${name} a data`);
      await terminal.after(/75%/);
      steps.release(`${name} a end`);
      expect(await terminal.end()).toEqual(["warning of a", "exit 0"]);
      expect(readFileSync(folder.file("out"), "utf8")).toBe("data of a\nend of a\n");
    });

    test("Ctrl-C takes the bars away", async ({ programs }) => {
      const name = register();
      const program = programs.start(onTerminal(gearmanTs(server(), "-f", name, "a")));
      const terminal = new Terminal(program);
      await terminal.after(/25%/);
      program.write("\x03");
      const screen = await terminal.end();
      expect(screen.filter((line) => line.includes("%"))).toEqual([]);
      expect(screen.at(-1)).toContain("exit 130");
      steps.release(`${name} a data`);
      steps.release(`${name} a end`);
    });

    test("who is to type a workload is told, but not by one called as gearman", async ({ programs }) => {
      await using folder = new Folder();
      installedIn(folder);
      const name = prefix();
      worker.register(name, (job) => job.text().toUpperCase());
      const command = gearmanTs(server(), "-f", name);
      const program = programs.start(onTerminal(command));
      const terminal = new Terminal(program);
      await terminal.after(/reading the workload/);
      program.write("typed\n\x04");
      const told = "gearman-ts: reading the workload; Ctrl-D ends it, -s sends none";
      expect(await terminal.end()).toEqual([told, "TYPED", "exit 0"]);

      const asC = programs.start(onTerminal(calledGearman(folder, command)));
      asC.write("typed\n\x04");
      expect((await new Terminal(asC).end()).filter((line) => line !== "typed")).toEqual(["TYPED", "exit 0"]);
    });

    test("who is to type lines is told so", async ({ programs }) => {
      const name = prefix();
      worker.register(name, (job) => job.text().toUpperCase());
      const program = programs.start(onTerminal(gearmanTs(server(), "-n", "-f", name)));
      const terminal = new Terminal(program);
      const told = "gearman-ts: reading lines, a job for each; Ctrl-D ends them";
      await terminal.after(/a job for each/);
      program.write("typed\n\x04");
      expect(await terminal.end()).toEqual([told, "TYPED", "exit 0"]);
    });

    test("without a terminal: lines, as C has them", async ({ programs }) => {
      const name = register();
      const program = programs.start(gearmanTs(server(), "-f", name, "a"));
      await program.linesTo("25% Complete");
      steps.release(`${name} a data`);
      await program.linesTo("75% Complete");
      steps.release(`${name} a end`);
      expect((await program.result()).stdout).toContain("end of a\n");
    });
  });
});
