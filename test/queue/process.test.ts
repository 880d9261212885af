/** gearmand's queue in the life of the process: who may have the file, and what is written when. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";
import { runProgram } from "../support/program.ts";
import { referenceInstalled, startReference } from "../support/reference.ts";
import { freeze } from "../support/stranger.ts";
import { seen, sent, submit, work } from "./jobs.ts";

const flags = (file: string): string[] => ["-q", "libsqlite3", `--libsqlite3-db=${file}`];

describe("a file that another has", () => {
  it("is refused to a second gearmand-ts, with name and remedy", async () => {
    await using folder = new Folder();
    const file = folder.file("queue");
    await using first = await startDaemon(flags(file));
    const { status, stderr } = runProgram("-p0", "-L127.0.0.1", ...flags(file));
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(
        `gearmand-ts: Could not open the queue ${file}: \\S+ \\(process ${first.pid}\\) has it open: stop that one`,
      ),
    ]);
  });

  it.skipIf(!referenceInstalled)("is refused while gearmand has it, and gearmand is while we do", async () => {
    await using folder = new Folder();
    const file = folder.file("queue");
    const gearmand = await startReference(flags(file));
    const refused = startDaemon(flags(file));
    await expect(refused).rejects.toThrow(/gearmand \(process \d+\) has it open: stop that one/);
    await gearmand.stop();
    await using daemon = await startDaemon(flags(file));
    await expect(startReference(flags(file))).rejects.toThrow("gearmand did not start");
    expect(daemon.addresses).toHaveLength(1);
  });
});

describe("--store-queue-on-shutdown", () => {
  it.skipIf(!referenceInstalled)("has the queue in memory, and gives it to gearmand when it stops", async () => {
    await using folder = new Folder();
    const file = folder.file("queue");
    const later = [...flags(file), "--store-queue-on-shutdown"];
    const jobs = [sent("f", "a", "one"), sent("f", "", "two"), sent("f", "c", "three", 0)];
    await using first = await startDaemon(later);
    await first.line("--store-queue-on-shutdown: background jobs are in memory until a clean stop");
    await first.line("durability shutdown");
    await submit(first.port, jobs);
    await first.stop();
    await using second = await startDaemon(later);
    expect((await work(second.port, "f", 1)).map(seen)).toEqual([seen(sent("f", "c", "three"))]);
    expect((await second.stop()).code).toBe(0);
    expect(second.lines.at(-1)).toContain("stopped; jobs kept for the next start: 2");
    const gearmand = await startReference(flags(file));
    const got = await work(gearmand.port, "f", 2).finally(() => gearmand.stop());
    expect(got.map(({ workload }) => workload)).toEqual(["one", "two"]);
  });

  it("loses it in a crash: the table is empty from the start on", async () => {
    await using folder = new Folder();
    const file = folder.file("queue");
    await using first = await startDaemon(flags(file));
    await submit(first.port, [sent("f", "a", "one")]);
    await first.stop();
    await using second = await startDaemon([...flags(file), "--store-queue-on-shutdown"]);
    second.signal("SIGKILL");
    await second.exited;
    await using third = await startDaemon(flags(file));
    await using asker = await Peer.connect(third.port);
    expect(await asker.text("status")).toBe(".\n");
  });
});

describe("gearmand-ts import", () => {
  const bring = (file: string, directory: string, ...more: string[]) =>
    runProgram("import", `--libsqlite3-db=${file}`, `--data-dir=${directory}`, "--job-handle-prefix=H:i", ...more);

  it.skipIf(!referenceInstalled)("brings gearmand's jobs into a data directory", async () => {
    await using folder = new Folder();
    const [file, directory] = [folder.file("queue"), folder.file("data")];
    const jobs = [
      sent("f", "a", "one"),
      sent("f", "", "\0\xff"),
      sent("\xff", "-", "three", 0),
      sent("f", "e", "5", 1, 9),
    ];
    const gearmand = await startReference(flags(file));
    await submit(gearmand.port, jobs);
    expect(bring(file, directory)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("has it open: stop that"),
    });
    await gearmand.stop();

    const dry = bring(file, directory, "--dry-run");
    expect(dry).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`4 jobs would be imported into ${directory}`),
    });
    expect(existsSync(directory)).toBe(false);
    const first = bring(file, directory);
    expect(first.stdout).toBe(
      `FUNCTION  HIGH  NORMAL  LOW\nf            0       3    0\n\ufffd            1       0    0\n4 jobs imported into ${directory}; ${file} is as it was; --delete would remove them there\n`,
    );
    const again = bring(file, directory, "--json");
    expect(again.status).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({
      imported: 0,
      leftOut: [{ row: 1, why: "there", function: "f", unique: "a" }, {}, { functionBase64: "/w==" }, {}],
    });
    expect(bring(file, directory, "--dry-run").stdout).toMatch(
      /^left out: 4 rows: DIR has a job .*\n {2}row 1: function f, unique a\n {2}row 2: function f, no unique\n/,
    );

    const other = folder.file("other");
    expect(bring(file, other, "--delete").stdout).toContain(
      `4 jobs imported into ${other}; they are removed from ${file}`,
    );
    expect(bring(file, other).stdout).toBe(
      `0 jobs imported into ${other}; ${file} is as it was; --delete would remove them there\n`,
    );
    for (const from of [directory, other]) {
      await using daemon = await startDaemon([`--data-dir=${from}`, "--job-handle-prefix=H:i"]);
      const got = await work(daemon.port, "f", 3);
      expect(got.map(({ handle, unique, workload }) => [handle, unique, workload])).toEqual([
        ["H:i:1", "a", "one"],
        ["H:i:2", "", "\0\xff"],
        ["H:i:4", "e", "5"],
      ]);
      expect((await work(daemon.port, "\xff", 1)).map(seen)).toEqual([seen(sent("\xff", "-", "three"))]);
      await daemon.stop();
    }
  });

  it("refuses what it cannot do, and says what to do", async () => {
    await using folder = new Folder();
    const [file, directory] = [folder.file("queue"), folder.file("data")];
    expect(bring(file, directory)).toMatchObject({
      status: 2,
      stderr: `gearmand-ts: Could not open the queue ${file}: there is no such file: name gearmand's with --libsqlite3-db\n`,
    });
    await using queue = await startDaemon(flags(file));
    await queue.stop();
    await using daemon = await startDaemon([`--data-dir=${directory}`]);
    expect(bring(file, directory).stderr).toContain(
      `Could not open the data directory ${directory}: another server uses it`,
    );
    expect(bring(file, directory, "--dry-run").stderr).toContain(`${directory} is in use: stop the server first`);
    expect(runProgram("import", "--data-dir=d").stderr).toBe(
      "gearmand-ts: import needs --libsqlite3-db and --data-dir\n",
    );
    expect(bring(file, directory, "--dry-run", "--delete").stderr).toContain(
      "option '--delete' is not for '--dry-run'",
    );
    expect(bring(file, directory, "word").stderr).toContain("'word' is no flag");
    await using stranger = await freeze(file);
    expect(bring(file, directory).stderr).toContain(`tail (process ${stranger.pid}) has it open`);
    expect(daemon.pid).toBeGreaterThan(0);
  });

  it("has a help of its own", () => {
    expect(runProgram("import", "--help")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("Exit status:"),
    });
  });
});
