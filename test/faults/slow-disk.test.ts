import { describe, expect, it } from "vitest";
import { Folder } from "../support/folder.ts";
import { ToldDisk, whyNoDisk } from "./disk.ts";
import { FullDisk } from "./full-disk.ts";
import { sentJob } from "./job.ts";
import { residentMemory } from "./memory.ts";

const PATIENCE = 60_000;
const MIB = 2 ** 20;
const LIMIT = 32 * MIB;
const SIZE = 64 * 1024;

const impossible = whyNoDisk();

describe.skipIf(impossible !== undefined)(`a disk whose syncs are stuck (${impossible ?? "preloaded"})`, () => {
  it(
    "keeps background submits waiting, and nobody else",
    async () => {
      await using folder = new Folder();
      const disk = new ToldDisk(folder, folder.file("data"));
      await using full = new FullDisk(folder.file("data"), disk.env);
      const couple = await full.start();
      const client = await full.connect("flood");
      disk.stick();
      const waiting = client.submit(...Array.from({ length: 64 }, (_, nth) => sentJob(1000 + nth)));
      let answered = false;
      void waiting.then(() => {
        answered = true;
      });
      for (let nth = 0; nth < 50; nth++) await couple.foreground();
      expect(answered).toBe(false);
      disk.heal();
      expect(new Set(await waiting)).toEqual(new Set([""]));
      await full.kill();
      expect(await full.restart()).toEqual([]);
    },
    PATIENCE,
  );

  it(
    "is not made up for by memory: a flood is refused at the limit",
    async () => {
      await using folder = new Folder();
      const disk = new ToldDisk(folder, folder.file("data"));
      await using full = new FullDisk(folder.file("data"), disk.env, [`--max-job-bytes=${LIMIT}`]);
      const couple = await full.start();
      const client = await full.connect("flood");
      disk.stick();
      const before = residentMemory(full.pid);
      const flood = client.submit(...Array.from({ length: 4000 }, (_, nth) => sentJob(1000 + nth, { size: SIZE })));
      await couple.until("f", LIMIT / SIZE - 1);
      expect(await couple.submit({ size: SIZE })).toMatch(/QUEUE_ERROR/);
      expect(residentMemory(full.pid) - before).toBeLessThan(6 * LIMIT);
      disk.heal();
      const refusals = (await flood).filter((refusal) => refusal !== "").length;
      expect(refusals).toBeGreaterThan(3000);
      await full.kill();
      expect(await full.restart()).toEqual([]);
    },
    PATIENCE,
  );
});
