import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Folder } from "../support/folder.ts";
import { ToldDisk, whyNoDisk } from "./disk.ts";
import { FullDisk } from "./full-disk.ts";
import { SmallDisk, whyNoSmallDisk } from "./small-disk.ts";

const PATIENCE = 60_000;
const KIB = 1024;
const NO_ROOM = /QUEUE_ERROR/;

const impossible = whyNoSmallDisk();
const untellable = whyNoDisk();

describe.skipIf(impossible !== undefined)(`a full disk (${impossible ?? "of 16 MiB"})`, () => {
  it(
    "refuses background jobs, serves foreground ones, is drained, and heals by itself",
    async () => {
      await using disk = new SmallDisk(16);
      await using full = new FullDisk(join(disk.path, "data"));
      for (let cycle = 0; cycle < 3; cycle++) {
        const couple = await full.start();
        // What was drained is given back piece by piece; giving back needs some room of the log in between.
        for (let all = 0; all <= 20; ) {
          await couple.healed();
          const { taken, reason } = await couple.fill(64 * KIB);
          expect(reason).toMatch(NO_ROOM);
          all += taken;
        }
        await couple.foreground();
        expect((await couple.drain(10)).length).toBe(10);
        await couple.worker.barrier();
        await full.kill();
        expect(await full.restart()).toEqual([]);
      }
    },
    PATIENCE,
  );

  it(
    "filled by another: it still completes, starts anew after a kill, and goes on when there is room",
    async () => {
      await using disk = new SmallDisk(16);
      await using full = new FullDisk(join(disk.path, "data"));
      let couple = await full.start();
      for (let nth = 0; nth < 40; nth++) expect(await couple.submit({ size: 16 * KIB })).toBe("");
      disk.fill();
      expect((await couple.fill(64 * KIB)).reason).toMatch(NO_ROOM);
      await couple.foreground();
      expect((await couple.drain(15)).length).toBe(15);
      await couple.worker.barrier();
      await full.kill();
      couple = await full.start();
      await couple.foreground();
      expect((await couple.drain(10)).length).toBe(10);
      disk.free();
      await couple.healed();
      await full.kill();
      expect(await full.restart()).toEqual([]);
    },
    PATIENCE,
  );

  it(
    "with next to no room left is given back, bit by bit, what was drained",
    async () => {
      await using disk = new SmallDisk(16);
      await using full = new FullDisk(join(disk.path, "data"));
      const couple = await full.start();
      await couple.fill(64 * KIB);
      await couple.drain();
      await couple.worker.barrier();
      await full.kill();
      disk.fill(64 * KIB);
      await (await full.start()).healed();
      await full.kill();
      expect(await full.restart()).toEqual([]);
    },
    PATIENCE,
  );

  it(
    "killed, and started without room to copy what is in the log: is given back what was drained",
    async () => {
      await using disk = new SmallDisk(16);
      await using full = new FullDisk(join(disk.path, "data"));
      const couple = await full.start();
      for (let nth = 0; nth < 140; nth++) expect(await couple.submit({ size: 64 * KIB })).toBe("");
      await full.kill();
      disk.fill();
      expect(await full.restart()).toEqual([]);
      await (await full.start()).healed();
      await full.kill();
      expect(await full.restart()).toEqual([]);
    },
    PATIENCE,
  );

  it(
    "without a byte of room is refused with a clear message, and then started",
    async () => {
      await using disk = new SmallDisk(16);
      await using full = new FullDisk(join(disk.path, "data"));
      const couple = await full.start();
      for (let nth = 0; nth < 40; nth++) expect(await couple.submit({ size: 16 * KIB })).toBe("");
      await full.stop(); // the room of a log that was left would do
      rmSync(join(disk.path, "data", "ballast"));
      disk.fill();
      await expect(full.start()).rejects.toThrow(/disk is full/);
      await full.kill();
      disk.free();
      expect(await full.restart()).toEqual([]);
    },
    PATIENCE,
  );
});

describe.skipIf(untellable !== undefined)(`a disk that cuts writes short (${untellable ?? "preloaded"})`, () => {
  it(
    "refuses what does not fit, and keeps the rest",
    async () => {
      await using folder = new Folder();
      const dir = folder.file("data");
      const disk = new ToldDisk(folder, dir);
      await using full = new FullDisk(dir, disk.env);
      const couple = await full.start();
      for (let nth = 0; nth < 20; nth++) expect(await couple.submit({ size: 16 * KIB })).toBe("");
      disk.cutShort();
      expect((await couple.fill(16 * KIB)).reason).toMatch(NO_ROOM);
      await couple.foreground();
      await couple.drain(10);
      disk.heal();
      await couple.healed();
      await full.kill();
      expect(await full.restart()).toEqual([]);
    },
    PATIENCE,
  );
});
