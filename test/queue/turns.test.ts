/** gearmand's own queue: the real gearmand and gearmand-ts on one file, in turn. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";
import { referenceInstalled, startReference } from "../support/reference.ts";
import { inTurn, nothingFor, type Sent, seen, sent, submit, work } from "./jobs.ts";

const flags = (file: string): string[] => ["-q", "libsqlite3", `--libsqlite3-db=${file}`];

const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString("latin1");
const LONGEST = "u".repeat(64);
const FUNCTIONS = ["plain", `quo"te'`, "\xff\xfe\xc3(", "semi;colon --"];

/** Jobs that gearmand can keep. */
const jobsFor = (fn: string): Sent[] => [
  sent(fn, "low", "l1", 2),
  sent(fn, "n1", ALL_BYTES),
  sent(fn, "\x80\xff", "n2"),
  sent(fn, `it's "quoted"`, "n3"),
  sent(fn, "high", "h1", 0),
  sent(fn, "past", "n4", 1, 1),
  sent(fn, "-", "n5"),
  sent(fn, "", "n6"),
  sent(fn, "low2", "l2", 2),
];

/** And those that it cannot, but for a row that we keep beside its own. */
const harderFor = (fn: string): Sent[] => [
  sent(fn, "", ""),
  sent(fn, "", "one"),
  sent(fn, "", "one"),
  sent(fn, "-", "two"),
  sent(fn, "-", "three"),
  sent(fn, LONGEST, "four"),
  sent(fn, "empty", ""),
  sent(fn, "h2", "five", 0),
];

/** Ends it as gearmand knows no better: it has no clean stop. */
const takeOver = async <T>(file: string, act: (port: number) => Promise<T>): Promise<T> => {
  const gearmand = await startReference(flags(file));
  try {
    return await act(gearmand.port);
  } finally {
    await gearmand.stop();
  }
};

describe.skipIf(!referenceInstalled)("gearmand's SQLite queue", () => {
  it("comes from gearmand with everything in it", async () => {
    await using folder = new Folder();
    const file = folder.file("queue.sqlite");
    await takeOver(file, async (port) => {
      for (const fn of FUNCTIONS) await submit(port, jobsFor(fn));
      await submit(port, [sent("later", "u", "w", 1, 4_000_000_000)]);
    });
    await using daemon = await startDaemon(flags(file));
    for (const fn of FUNCTIONS) {
      const jobs = inTurn(jobsFor(fn));
      expect((await work(daemon.port, fn, jobs.length)).map(seen)).toEqual(jobs.map(seen));
    }
    expect(await nothingFor(daemon.port, "later")).toBe(true);
    expect((await daemon.stop()).code).toBe(0);
    await takeOver(file, async (port) => {
      await using client = await Peer.connect(port);
      expect(await client.text("status")).toBe("later\t1\t0\t0\n.\n");
    });
  });

  it.each(["clean stop", "kill -9"])(
    "goes to gearmand after a %s, also with what its table cannot hold",
    async (how) => {
      await using folder = new Folder();
      const file = folder.file("queue.sqlite");
      await using daemon = await startDaemon(flags(file));
      for (const fn of FUNCTIONS) await submit(daemon.port, [...jobsFor(fn), ...harderFor(fn)]);
      await submit(daemon.port, [sent("later", "u", "w", 1, 4_000_000_000)]);
      if (how === "clean stop") await daemon.stop();
      else daemon.signal("SIGKILL");
      await daemon.exited;
      for (const suffix of ["-wal", "-shm", "-ballast"].filter(() => how === "clean stop"))
        expect(existsSync(file + suffix)).toBe(false);
      await takeOver(file, async (port) => {
        for (const fn of FUNCTIONS) {
          const jobs = inTurn([...jobsFor(fn), ...harderFor(fn)]);
          const got = await work(port, fn, jobs.length);
          expect(got.map(({ workload }) => workload)).toEqual(jobs.map(({ workload }) => workload));
          const ours = jobs.map(({ unique }) => (["", "-", LONGEST].includes(unique) ? "gearmand-ts:" : unique));
          expect(got.map(({ unique }) => unique.replace(/(?<=^gearmand-ts:).*/, ""))).toEqual(ours);
        }
        expect(await nothingFor(port, "later")).toBe(true);
      });
      await takeOver(file, async (port) => {
        await using client = await Peer.connect(port);
        expect(await client.text("status")).toBe("later\t1\t0\t0\n.\n");
      });
    },
  );

  it("keeps handles, uniques and what is dead, with gearmand in between", async () => {
    await using folder = new Folder();
    const file = folder.file("queue.sqlite");
    const jobs = harderFor("f");
    await using first = await startDaemon([...flags(file), "-j", "1"]);
    const handles = await submit(first.port, jobs);
    await submit(first.port, [sent("deadly", "d", "w")]);
    await using victim = await Peer.connect(first.port);
    victim.send("CAN_DO", "deadly");
    victim.send("GRAB_JOB");
    await victim.packet("JOB_ASSIGN");
    victim.destroy();
    await first.stop();
    await takeOver(file, async (port) => {
      expect(await nothingFor(port, "deadly")).toBe(true);
      await submit(port, [sent("f", "of gearmand", "six")]);
    });
    await using second = await startDaemon(flags(file));
    const got = await work(second.port, "f", jobs.length + 1);
    const expected = [...jobs.map((job, at) => ({ ...seen(job), handle: handles[at], priority: job.priority }))].sort(
      (one, other) => one.priority - other.priority,
    );
    expect(got.slice(0, -1)).toEqual(expected.map(({ priority: _, ...job }) => job));
    expect(seen(got[got.length - 1] ?? jobs[0] ?? sent("", "", ""))).toEqual(seen(sent("f", "of gearmand", "six")));
    expect(handles).not.toContain(got.at(-1)?.handle);
    expect(await nothingFor(second.port, "deadly")).toBe(true);
    await using asker = await Peer.connect(second.port);
    expect(await asker.text("show store")).toMatch(/^dead\t1$/m);
  });

  it("mends what gearmand cannot start on", async () => {
    await using folder = new Folder();
    const file = folder.file("queue.sqlite");
    await takeOver(file, (port) => submit(port, [sent("f", "u", ""), sent("f", "v", "w")]));
    await expect(startReference(flags(file))).rejects.toThrow("gearmand did not start");
    const daemon = await startDaemon(flags(file));
    await daemon.stop();
    const got = await takeOver(file, (port) => work(port, "f", 2));
    expect(got.map(({ unique, workload }) => [unique, workload])).toEqual([
      ["u", ""],
      ["v", "w"],
    ]);
  });
});
