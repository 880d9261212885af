import { describe, expect, it } from "vitest";
import { whyNoStrace } from "../faults/strace.ts";
import { Folder } from "../support/folder.ts";
import { AcknowledgementReader } from "./acknowledgements.ts";
import { traceAcknowledgements } from "./traced.ts";

const PATIENCE = 120_000;

const [STORE, MAIN] = ["71", "70"];
const WAL = "25</data/jobs.sqlite-wal>";
const CLIENT = "30<socket:[4711]>";

/** JOB_CREATED, as strace has it: the handles here are of 3 bytes. */
const created = (handle: string): string => `\\0RES\\0\\0\\0\\10\\0\\0\\0\\3${handle}`;

const wrote = (handle: string): string => `${STORE} 1.0 pwrite64(${WAL}, "\\r\\0\\1${handle}f", 4096, 56) = 4096`;
const synced = `${STORE} 1.0 fdatasync(${WAL}) = 0`;
const acknowledged = (...handles: string[]): string =>
  `${MAIN} 1.0 write(${CLIENT}, "${handles.map(created).join("")}", ${handles.length * 15}) = ${handles.length * 15}`;

function readTrace(...lines: string[]): AcknowledgementReader {
  const reader = new AcknowledgementReader("H");
  for (const line of lines) reader.add(line);
  return reader;
}

describe("the reader of a trace", () => {
  it("is content with acknowledgements after the sync that covers them", () => {
    const {
      early,
      acknowledged: count,
      syncs,
    } = readTrace(
      wrote("H:1"),
      wrote("H:2"),
      synced,
      acknowledged("H:1", "H:2"),
      wrote("H:3"),
      synced,
      acknowledged("H:3"),
    );
    expect({ early, count, syncs }).toEqual({ early: [], count: 3, syncs: 2 });
  });

  it("knows threads that are interrupted", () => {
    const { early, acknowledged: count } = readTrace(
      `${STORE} 1.0 pwrite64(${WAL}, "H:1f", 4096, 56 <unfinished ...>`,
      `${MAIN} 1.0 write(5<anon_inode:[eventfd]>, "\\1\\0\\0\\0\\0\\0\\0\\0", 8) = 8`,
      `${STORE} 1.0 <... pwrite64 resumed>) = 4096`,
      `${STORE} 1.0 fsync(${WAL} <unfinished ...>`,
      `${MAIN} 1.0 write(${CLIENT}, "OK\\n", 3) = 3`,
      `${STORE} 1.0 <... fsync resumed>) = 0`,
      `${MAIN} 1.0 writev(${CLIENT}, [{iov_base="\\0RES\\0\\0\\0\\10\\0\\0\\0\\3", iov_len=12}, {iov_base="H:1", iov_len=3}], 2 <unfinished ...>`,
      `${MAIN} 1.0 <... writev resumed>) = 15`,
    );
    expect({ early, count }).toEqual({ early: [], count: 1 });
  });

  it.each<[string, string[]]>([
    ["never written", [synced, acknowledged("H:1")]],
    ["written, never synced", [wrote("H:1"), acknowledged("H:1"), synced]],
    ["synced before it was written", [synced, wrote("H:1"), acknowledged("H:1")]],
    [
      "written while the sync ran",
      [
        `${STORE} 1.0 fdatasync(${WAL} <unfinished ...>`,
        wrote("H:1").replace(STORE, "72"),
        `${STORE} 1.0 <... fdatasync resumed>) = 0`,
        acknowledged("H:1"),
      ],
    ],
    [
      "acknowledged while the sync ran",
      [
        wrote("H:1"),
        `${STORE} 1.0 fdatasync(${WAL} <unfinished ...>`,
        acknowledged("H:1"),
        `${STORE} 1.0 <... fdatasync resumed>) = 0`,
      ],
    ],
    [
      "written in vain",
      [wrote("H:1").replace("= 4096", "= -1 ENOSPC (No space left on device)"), synced, acknowledged("H:1")],
    ],
    ["synced in vain", [wrote("H:1"), synced.replace("= 0", "= -1 EIO (Input/output error)"), acknowledged("H:1")]],
    ["only the start of another handle", [wrote("H:12"), synced, acknowledged("H:1")]],
    [
      "written and synced elsewhere",
      [wrote("H:1"), synced, acknowledged("H:1")].map((line) => line.replace("-wal", "")),
    ],
  ])("finds what was acknowledged, but %s", (_what, lines) => {
    expect(readTrace(...lines).early).toEqual(["H:1"]);
  });
});

const why = whyNoStrace();

describe.skipIf(why !== undefined)(
  `acknowledgements in a trace of the daemon${why === undefined ? "" : ` (${why})`}`,
  () => {
    it("come after the sync that covers them", { timeout: PATIENCE }, async () => {
      await using folder = new Folder();
      const { acknowledged, early } = await traceAcknowledgements(folder, { jobs: 5000 });
      expect({ acknowledged, early }).toEqual({ acknowledged: 5000, early: [] });
    });

    it("come before it where none is asked for, which the trace shows", { timeout: PATIENCE }, async () => {
      await using folder = new Folder();
      const { acknowledged, early } = await traceAcknowledgements(folder, { jobs: 500, durability: "normal" });
      expect(acknowledged).toBe(500);
      expect(early).not.toEqual([]);
    });
  },
);
