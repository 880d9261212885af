/** `gearmand-ts store` as an operator meets it. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { helpText } from "../../src/cli/store/store.ts";
import { remedyFor } from "../../src/store/tools/view.ts";
import { builtProgram } from "../support/built.ts";
import { startDaemon } from "../support/daemon.ts";
import { Peer } from "../support/peer.ts";
import { installed, runProgram } from "../support/program.ts";
import { aJob, overwrite, Queue, stateOf } from "./support.ts";

const TIMEOUT = { timeout: 120_000 };

const store = (...args: string[]) => {
  const { status, stdout, stderr } = runProgram("store", ...args);
  return { status, stdout, stderr };
};

function fill(queue: Queue, jobs = 3): void {
  queue.put(...Array.from({ length: jobs }, (_, at) => aJob(at + 1)));
}

it("says what it can do, and what was wrong with the command line", TIMEOUT, () => {
  expect(store("--help")).toEqual({ status: 0, stdout: helpText(80), stderr: "" });
  expect(runProgram("--help").stdout).toContain("gearmand-ts store");
  const { status, stdout } = store("check", "--help");
  expect([status, stdout]).toEqual([0, expect.stringContaining("Usage: gearmand-ts store check DIR [flags]")]);
  const wrong = (...args: string[]): string => {
    const result = store(...args);
    expect([result.status, result.stdout]).toEqual([2, ""]);
    return result.stderr;
  };
  expect(wrong()).toBe("gearmand-ts: store: it is not said what to do: check, dump, salvage; --help tells more\n");
  expect(wrong("toString")).toMatch(/'toString' is none of its commands: check, dump, salvage/);
  expect(wrong("salvage", "DIR")).toMatch(/store salvage wants DIR and NEWDIR: gearmand-ts store salvage DIR NEWDIR/);
  expect(wrong("dump", "DIR", "--json")).toMatch(/unrecognised option '--json'; --help/);
});

it("checks a sound queue and a damaged one", TIMEOUT, async () => {
  await using queue = new Queue();
  fill(queue);
  const sound = queue.copy();
  const { stdout, ...rest } = store("check", sound);
  expect(rest).toEqual({ status: 0, stderr: "" });
  expect(stdout.split("\n").slice(0, 3)).toEqual([
    `${sound}: sound, format 1; 3 jobs to run, 0 dead, 0 damaged rows`,
    "FUNCTION  PRIORITY  WAITING  DELAYED  DEAD",
    "resize    normal          3        0     0",
  ]);
  queue.exec("UPDATE job SET sum = 1 WHERE id = 2");
  const damaged = queue.copy();
  const found = store("check", damaged);
  expect(found.status).toBe(1);
  expect(found.stdout).toContain(
    "damaged: row 2: its checksum is wrong; as far as it can be read: H:here:2, function resize\n",
  );
  expect(found.stdout).toMatch(remedyFor(damaged));
  expect(found.stdout).not.toContain("more jobs than are counted");
  expect(JSON.parse(store("check", damaged, "--json").stdout)).toMatchObject({ sound: false, total: { damaged: 1 } });
});

it("says of a file that cannot be read to its end what can be done about it", TIMEOUT, async () => {
  await using queue = new Queue();
  queue.put(...Array.from({ length: 200 }, (_, at) => aJob(at + 1, { workload: Buffer.alloc(500) })));
  queue.checkpoint();
  const directory = queue.copy();
  overwrite(directory, 7 * 4096, Buffer.alloc(4096));
  const found = store("check", directory);
  expect(found.status).toBe(1);
  expect(found.stdout).toContain(`${remedyFor(directory)}; it may find more jobs than are counted here\n`);
  const dumped = store("dump", directory);
  expect(dumped.status).toBe(2);
  expect(dumped.stderr).toMatch(
    `gearmand-ts: ${directory} is damaged, and not all of its jobs could be printed: database disk image is malformed; ${remedyFor(directory)}\n`,
  );
});

it("says what an empty queue is", TIMEOUT, async () => {
  await using queue = new Queue();
  const directory = queue.unused();
  mkdirSync(directory);
  writeFileSync(join(directory, "jobs.sqlite"), "");
  const files = "database 0 B, of that free 0 B; log 0 B; ballast 0 B\n";
  const unused = `${directory}: empty: no server has used it yet\n${files}`;
  expect(store("check", directory)).toEqual({ status: 0, stdout: unused, stderr: "" });
  expect(store("dump", directory)).toEqual({ status: 0, stdout: "", stderr: "" });
  writeFileSync(join(directory, "ballast"), "");
  const problem = /it has no tables: its log \(jobs.sqlite-wal\) is missing or damaged.*put the log back/;
  const { status, stdout } = store("check", directory);
  expect([status, stdout]).toEqual([1, expect.stringMatching(problem)]);
  expect(stdout).not.toContain("salvage");
  expect(store("dump", directory)).toEqual({ status: 1, stdout: "", stderr: expect.stringMatching(problem) });
});

it("dumps, and of that the dead alone", TIMEOUT, async () => {
  await using queue = new Queue();
  fill(queue);
  queue.move(1, 4, 1, true);
  const directory = queue.copy();
  const lines = (text: string): unknown[] =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  expect(lines(store("dump", directory).stdout)).toMatchObject([{ row: 2 }, { row: 3 }, { row: 1, state: "dead" }]);
  expect(lines(store("dump", directory, "--dead").stdout)).toMatchObject([{ row: 1, state: "dead" }]);
  queue.exec("UPDATE job SET sum = 1 WHERE id = 2");
  const damaged = queue.copy();
  const { status, stderr } = store("dump", damaged);
  expect([status, stderr]).toEqual([1, `gearmand-ts: 1 row not whole; ${remedyFor(damaged)}\n`]);
});

it("ends quietly when who reads a dump has read enough", TIMEOUT, async () => {
  await using queue = new Queue();
  fill(queue, 20_000);
  const directory = queue.copy();
  const before = stateOf(directory);
  const child = spawn(process.execPath, [builtProgram(), "store", "dump", directory], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (chunk) => said.push(String(chunk)));
  await once(child.stdout, "readable");
  child.stdout.destroy();
  const [code] = await once(child, "close");
  expect([code, said]).toEqual([0, []]);
  expect(stateOf(directory)).toEqual(before);
});

it("salvages into a directory that the daemon starts on", TIMEOUT, async () => {
  await using queue = new Queue();
  fill(queue);
  queue.exec("UPDATE job SET sum = 1 WHERE id = 2");
  const [damaged, target] = [queue.copy(), queue.unused()];
  const { status, stdout } = store("salvage", damaged, target);
  expect(status).toBe(1);
  expect(stdout.split("\n")).toEqual([
    `2 jobs copied from ${damaged} to ${target}; ${damaged} is as it was`,
    `${damaged} is DAMAGED: jobs may be missing from ${target}`,
    "rows that are not whole, and so are not copied: 1",
    `${target}/damaged.jsonl names them`,
    `to go on with them: gearmand-ts --data-dir ${target}`,
    "",
  ]);
  await using daemon = await startDaemon(["--data-dir", target]);
  await using peer = await Peer.connect(daemon.port);
  expect(await peer.text("status")).toBe("resize\t2\t0\t0\n.\n");
  expect(readdirSync(target)).toContain("damaged.jsonl");
  expect(store("check", target)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/is in use: stop the server first/),
  });
  expect(store("salvage", target, queue.unused())).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/is in use/),
  });
  await daemon.stop();
  expect(store("salvage", target, queue.unused(), "--json").status).toBe(0);
  expect(store("salvage", target, queue.unused()).stdout).toContain(`nothing in ${target} is damaged\n`);
});

it(
  "salvages what it can of a file that was cut, or that a newer version has written, and says so",
  TIMEOUT,
  async () => {
    await using queue = new Queue();
    fill(queue, 1_000);
    queue.exec("PRAGMA user_version = 9");
    queue.checkpoint();
    const newer = store("salvage", queue.copy(), queue.unused());
    expect(newer.status).toBe(1);
    expect(newer.stdout).toMatch(
      /^1000 jobs copied .*\n.*DAMAGED: .*\ndamaged: it was written by a newer gearmand-ts, .*use that one\n/,
    );
    queue.exec("PRAGMA user_version = 1");
    queue.checkpoint();
    const cut = queue.copy();
    truncateSync(join(cut, "jobs.sqlite"), 10 * 4096);
    const { status, stdout } = store("salvage", cut, queue.unused());
    expect([status, stdout]).toEqual([
      1,
      expect.stringMatching(/\ndamaged: it was cut off: of its \d+ pages \d+ are missing/),
    ]);
  },
);

it.skipIf(!installed("script"))("shows a bar on a terminal, and leaves nothing of it", TIMEOUT, async () => {
  await using queue = new Queue();
  fill(queue, 20_000);
  const command = `'${process.execPath}' '${builtProgram()}' store dump '${queue.copy()}' >/dev/null`;
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
    encoding: "utf8",
    env: { ...process.env, TERM: "xterm" },
  });
  expect(stdout).toMatch(/jobs \[#*-*\] +\d+% {2}\d+\/20000/);
  expect(stdout).toMatch(/\x1b\[1A\x1b\[J$/);
});
