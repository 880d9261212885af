import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { noProgramLeft, type Program, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import type { Peer } from "../support/peer.ts";
import { busyWorker, deadPort, fakeServer, gearadminTs, onTerminal, shellWords, terminal } from "./support.ts";

noProgramLeft();

/** The next line of the screen that holds it. */
const lineWith = async (program: Program, wanted: string | RegExp): Promise<string> => {
  for (let line = await program.line(); line !== null; line = await program.line()) {
    if (typeof wanted === "string" ? line.includes(wanted) : wanted.test(line)) return line;
  }
  throw new Error(`it ended without ${wanted}`);
};

const started = async (program: Program): Promise<{ pid: number; tty: string }> => {
  const [, pid, tty = ""] = /process (\d+) on (\S+)/.exec(await lineWith(program, "process ")) ?? [];
  return { pid: Number(pid), tty };
};

/** What is left on the terminal at the end: it shows the first screen again, with a cursor, and types letters in lines. */
const gaveBack = async (program: Program, code: number): Promise<void> => {
  const { stdout } = await program.result();
  expect(stdout).toMatch(/\x1b\[\?7h\x1b\[\?25h\x1b\[\?1049l(?![\s\S]*\x1b)/);
  expect(stdout).toContain(`exit ${code}\r\n`);
  expect(stdout).toMatch(/\nicanon echo /);
};

const FAST = ["-i", "100ms"];
const UP = /up, \d+ function/;

onEachServer([], (server) => {
  const top = (...args: string[]) => gearadminTs("top", "-h", `127.0.0.1:${server().port}`, ...FAST, ...args);

  let worker: Peer;
  beforeAll(async () => {
    worker = await busyWorker(server().port);
  });
  afterAll(() => worker.destroy());

  test("top shows functions, sorts them, and gives the terminal back on q", async ({ programs }) => {
    const program = programs.start(onTerminal(top()));
    expect(await program.line()).toMatch(/^process \d+ on \/dev\/pts\/\d+/);
    expect(await lineWith(program, "gearadmin-ts top")).toMatch(/^\x1b\[\?1049h\x1b\[\?25l\x1b\[\?7l\x1b\[H/);
    await lineWith(program, UP);
    expect(await lineWith(program, "FUNCTION")).toContain("QUEUED*");
    expect(await lineWith(program, "waiting")).toMatch(/waiting +4 +0 +0 /);
    program.write("f");
    await lineWith(program, "FUNCTION*");
    expect(await lineWith(program, "idle")).toMatch(/idle +0 +0 +1 /);
    expect(await lineWith(program, "running ")).toMatch(/running +0 +1 +1 /);
    program.write("q");
    await gaveBack(program, 0);
  });

  test("top --once prints lines, also on a pipe; with a dead server its exit status is 1", async ({ programs }) => {
    const once = await programs.run(top("--once"));
    expect(once).toMatchObject({ code: 0, stderr: "" });
    expect(once.stdout).toMatch(/^127\S+ {2}up, .*\n\nFUNCTION +QUEUED\*.*\n/);
    expect(once.stdout).toMatch(/^idle +0 +0 +\d+ +[-+\d.]+ /m);
    expect(once.stdout).not.toContain("\x1b");
    const dead = await programs.run(top("--once", "-h", `127.0.0.1:${await deadPort()}`));
    expect(dead).toMatchObject({ code: 1, stdout: expect.stringMatching(/DOWN, is tried again: .*ECONNREFUSED/) });
  });
});

describe("top gives the terminal back", () => {
  const dead = async () => gearadminTs("top", ...FAST, "-h", `127.0.0.1:${await deadPort()}`);

  test("on Ctrl-C", async ({ programs }) => {
    const program = programs.start(onTerminal(await dead()));
    await lineWith(program, "DOWN");
    program.write("\x03");
    await gaveBack(program, 130);
  });

  test.for([
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const)("on %s", async ([signal, code], { programs }) => {
    const program = programs.start(onTerminal(await dead()));
    const { pid } = await started(program);
    await lineWith(program, "DOWN");
    process.kill(pid, signal);
    await gaveBack(program, code);
  });

  test("after a crash, which is told on it", async ({ programs }) => {
    const crash = "data:text/javascript,process.once('SIGUSR2', () => { throw new Error('a bug') })";
    const { env, ...command } = await dead();
    const program = programs.start(onTerminal({ ...command, env: { ...env, NODE_OPTIONS: `--import="${crash}"` } }));
    const { pid } = await started(program);
    await lineWith(program, "DOWN");
    process.kill(pid, "SIGUSR2");
    const { stdout } = await program.result();
    expect(stdout).toMatch(/\x1b\[\?1049l[\s\S]*Error: a bug[\s\S]*exit 1\r\n[\s\S]*icanon echo /);
  });

  test("on Ctrl-Z, and takes it again at once where no shell can stop it", async ({ programs }) => {
    const program = programs.start(onTerminal(await dead()));
    await lineWith(program, "DOWN");
    program.write("\x1a");
    expect(await lineWith(program, "\x1b[?1049l")).toMatch(/\x1b\[\?1049l\x1b\[\?1049h/);
    await lineWith(program, "DOWN");
    program.write("q");
    await gaveBack(program, 0);
  });

  test("while it is stopped by Ctrl-Z, and takes it again when it goes on", async ({ programs }) => {
    const jobControl = `set -m; ${shellWords(await dead())}; echo "stopped $?"; stty -a | grep -o ' icanon'; fg; echo "exit $?"`;
    const program = programs.start(terminal(jobControl));
    await lineWith(program, "DOWN");
    program.write("\x1a");
    expect(await lineWith(program, "stopped")).toContain("stopped 148");
    await lineWith(program, "icanon");
    await lineWith(program, "\x1b[?1049h");
    await lineWith(program, "DOWN");
    program.write("q");
    expect((await program.result()).stdout).toContain("exit 0");
  });
});

describe("top goes on", () => {
  test("when a server dies, and when it comes back", async ({ programs }) => {
    const first = await startDaemon();
    const { port } = first;
    await using other = await startDaemon();
    const program = programs.start(
      onTerminal(gearadminTs("top", ...FAST, "-h", `127.0.0.1:${port},127.0.0.1:${other.port}`)),
    );
    await lineWith(program, new RegExp(`:${port} {2}up`));
    await first.stop();
    await lineWith(program, new RegExp(`:${port} {2}DOWN, is tried again: `));
    await lineWith(program, new RegExp(`:${other.port} {2}up`));
    await using _again = await startDaemon(["-L127.0.0.1", `-p${port}`]);
    await lineWith(program, new RegExp(`:${port} {2}up`));
    program.write("q");
    await gaveBack(program, 0);
  });

  test("when a server does not answer any more, or answers with nonsense", async ({ programs }) => {
    let silent = false;
    await using server = await fakeServer((_line, socket) => silent || socket.write("f\t1\t0\t0\nnonsense\n.\n"));
    await using errs = await fakeServer((_line, socket) =>
      socket.write("ERR UNKNOWN_COMMAND Unknown+server+command\r\n"),
    );
    const program = programs.start(
      onTerminal(gearadminTs("top", ...FAST, "-t", "200", "-h", `${server.name},${errs.name}`)),
    );
    await lineWith(program, "up, 1 function, 1 queued");
    await lineWith(program, "DOWN, is tried again: it refused 'status': UNKNOWN_COMMAND");
    silent = true;
    await lineWith(program, /DOWN, is tried again: .*silent for 200 ms/);
    silent = false;
    await lineWith(program, "up, 1 function, 1 queued");
    program.write("q");
    await gaveBack(program, 0);
  });

  test("when the terminal gets another size", async ({ programs }) => {
    await using server = await fakeServer((_line, socket) => socket.write("f\t1\t0\t0\n.\n"));
    const program = programs.start(onTerminal(gearadminTs("top", "-h", server.name)));
    const { tty } = await started(program);
    await lineWith(program, "NET/S 1MIN");
    execFileSync("stty", ["-F", tty, "cols", "40"]);
    await lineWith(program, /QUEUED\* {3}RUNNING *\x1b/);
    program.write("q");
    await gaveBack(program, 0);
  });
});

test("top refuses a dumb terminal, with a hint", async ({ programs }) => {
  const { file, args, env } = gearadminTs("top", "-h", "nowhere.invalid");
  const refused = await programs.run(onTerminal({ file, args, env: { ...env, TERM: "dumb" } }));
  expect(refused.stdout).toMatch(/\ngearadmin-ts: top draws on a terminal, .*--once.*\r\nexit 1\r\n/);
});

test("NO_COLOR: top marks without colour", async ({ programs }) => {
  const { file, args, env } = gearadminTs("top", ...FAST, "-h", `127.0.0.1:${await deadPort()}`);
  const program = programs.start(onTerminal({ file, args, env: { ...env, NO_COLOR: "1" } }));
  expect(await lineWith(program, "DOWN")).not.toContain("\x1b[31m");
  program.write("q");
  await gaveBack(program, 0);
});
