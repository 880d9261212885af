/** What a released version wrote is read by this one. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DEFAULT_OPTIONS } from "../../src/server/options.ts";
import { Server } from "../../src/server/server.ts";
import { STORED_DURABILITIES } from "../../src/store/durability.ts";
import { DurableStore } from "../../src/store/durable-store.ts";
import { salvage } from "../../src/store/tools/salvage.ts";
import { ConnectionStream } from "../support/connection-stream.ts";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { inlineThread } from "../support/inline-thread.ts";
import { Peer } from "../support/peer.ts";
import { runProgram } from "../support/program.ts";
import { copyOf, digestOf, expectedOf, GOLDEN, pathOf } from "./golden.ts";
import type { ExpectedJob } from "./jobs.ts";

const LEVELS = { high: 0, normal: 1, low: 2 } as const;

/** Those that a worker gets, as it gets them: of one function after the other, the highest priority first. */
const due = (jobs: readonly ExpectedJob[]): string[][] =>
  jobs
    .filter(({ dead, epoch }) => !dead && epoch === 0)
    .sort((a, b) => LEVELS[a.priority] - LEVELS[b.priority])
    .map((job) => [job.handle, job.function, job.unique, job.workload]);

/** All that a worker of those functions is given. */
async function grabAll(worker: Peer, jobs: readonly ExpectedJob[]): Promise<(readonly string[])[]> {
  for (const name of new Set(jobs.map((job) => job.function))) worker.send("CAN_DO", name);
  const given: (readonly string[])[] = [];
  for (const _ of due(jobs)) {
    worker.send("GRAB_JOB_UNIQ");
    given.push(await worker.packet("JOB_ASSIGN_UNIQ"));
  }
  worker.send("GRAB_JOB_UNIQ");
  expect(await worker.packet("NO_JOB")).toEqual([]);
  return given;
}

const sorted = (rows: readonly (readonly string[])[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

it("there is one at least", () => {
  expect(GOLDEN).toEqual(expect.arrayContaining(["v1/closed", "v1/killed"]));
});

describe.each(GOLDEN)("%s", (name) => {
  const expected = expectedOf(name);

  it("is as it was written", () => {
    expect(digestOf(pathOf(name))).toBe(readFileSync(`${pathOf(name)}/sha256`, "utf8").trim());
  });

  it.each(STORED_DURABILITIES)("its jobs are recovered, in order, with durability %s", async (durability) => {
    await using folder = new Folder();
    const path = copyOf(name, folder.file("data"));
    const store = new DurableStore({ kind: "directory", path }, durability, inlineThread);
    const found: unknown[] = [];
    const damaged = await store.recover((jobs) => {
      for (const { row: _row, workload, ...job } of jobs)
        found.push({ ...job, workload: Buffer.from(workload).toString("latin1") });
    });
    expect(damaged).toEqual([]);
    const alive = expected.filter(({ dead }) => !dead);
    expect(found).toEqual(alive.map(({ dead: _dead, ...job }) => ({ ...job, priority: LEVELS[job.priority] })));
    expect(store.stats).toMatchObject({ dead: expected.length - alive.length, recovered: alive.length });
    expect(expected.map(({ handle }) => handle)).not.toContain(`H:golden:${store.nextNumber()}`);
    await store.close();
  });

  it("a server in this process hands them out", async () => {
    await using folder = new Folder();
    const store = new DurableStore({ kind: "directory", path: copyOf(name, folder.file("data")) }, "off", inlineThread);
    const server = new Server({ ...DEFAULT_OPTIONS, listen: [] }, store);
    await server.start();
    await using worker = new Peer(new ConnectionStream(server.connect()));
    expect(sorted(await grabAll(worker, expected))).toEqual(sorted(due(expected)));
    await server.stop();
  });

  it("the daemon hands them out", async () => {
    await using folder = new Folder();
    await using daemon = await startDaemon(["--data-dir", copyOf(name, folder.file("data"))]);
    await using worker = await Peer.connect(daemon.port);
    expect(sorted(await grabAll(worker, expected))).toEqual(sorted(due(expected)));
  });

  it("check finds it sound, and dump and salvage have all of it", { timeout: 120_000 }, async () => {
    await using folder = new Folder();
    const path = copyOf(name, folder.file("data"));
    const { status, stdout } = runProgram("store", "check", path, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ sound: true, total: { waiting: 8, delayed: 1, dead: 1, damaged: 0 } });
    const lines = runProgram("store", "dump", path).stdout;
    expect(lines.trimEnd().split("\n")).toHaveLength(expected.length);
    const work = salvage(path, folder.file("new"), 0);
    while (!work.next().done);
    expect(runProgram("store", "dump", folder.file("new")).stdout).toBe(lines);
  });
});
