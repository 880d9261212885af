import { join } from "node:path";
import { Folder } from "../support/folder.ts";
import { makeOriginal, tryDamaged } from "./flips.ts";
import { FullDisk } from "./full-disk.ts";
import { sentJob } from "./job.ts";
import type { LongRun } from "./long-run.ts";
import { openRoom, SmallDisk } from "./small-disk.ts";
import type { Afterwards } from "./strike.ts";

export const fills: LongRun = async (count, _seed, progress) => {
  await using disk = new SmallDisk(16);
  await using full = new FullDisk(join(disk.path, "data"));
  const violations: string[] = [];
  const figures = { taken: 0, drained: 0 };
  for (let cycle = 1; cycle <= count; cycle++) {
    const couple = await full.start();
    await couple.healed();
    figures.taken += (await couple.fill(64 * 1024)).taken;
    await couple.foreground();
    figures.drained += (await couple.drain(cycle % 40)).length;
    await couple.worker.barrier();
    await full.kill();
    violations.push(...(await full.restart()).map((violation) => `cycle ${cycle}: ${violation}`));
    if (cycle % 5 === 0) progress(`${cycle} of ${count} cycles`);
  }
  return { violations, ...figures };
};

/** How long foreground jobs take while 64 background submits wait for syncs of two seconds. */
export const slow: LongRun = async (count) => {
  await using folder = new Folder();
  const injection = { files: [], calls: ["fsync", "fdatasync"], what: "delay_enter=2000000" };
  await using full = new FullDisk(folder.file("data"), {}, [], injection);
  const couple = await full.start();
  const flood = await full.connect("flood");
  const waiting = flood.submit(...Array.from({ length: 64 }, (_, nth) => sentJob(FLOOD + nth)));
  const times: number[] = [];
  for (let nth = 0; nth < count; nth++) {
    const began = performance.now();
    await couple.foreground();
    times.push(performance.now() - began);
  }
  await waiting;
  times.sort((one, other) => one - other);
  const at = (part: number): number => Math.round((times[Math.floor(times.length * part)] ?? 0) * 10) / 10;
  return { violations: [], jobs: count, p50: at(0.5), p99: at(0.99), longest: at(0.9999) };
};

/** Jobs of each data directory that is spoilt. */
const JOBS = 1000;

/** Their ids are far from others. */
const FLOOD = 1_000_000;

export const flips =
  (how: Afterwards): LongRun =>
  async (count, seed, progress) => {
    await using room = openRoom();
    const originals = [await makeOriginal(room, "killed", JOBS), await makeOriginal(room, "closed", JOBS)];
    const violations: string[] = [];
    const figures = { refused: 0, incomplete: 0, whole: 0, silent: 0 };
    for (let nth = 0; nth < count; nth++) {
      const original = originals[nth % 2];
      if (original === undefined) break;
      const trial = await tryDamaged(original, seed + nth, join(room.path, "copy"), how);
      violations.push(...trial.violations.map((violation) => `seed ${seed + nth}, ${trial.damage}: ${violation}`));
      const named = trial.log.match(/is damaged/g)?.length ?? 0;
      if (trial.refused) figures.refused++;
      else if (trial.missing === 0) figures.whole++;
      else figures.incomplete++;
      // What was in the log alone cannot be told from a torn end; from the main file nothing may be missing unnamed.
      if (!trial.damage.endsWith("-wal") && trial.missing > named) figures.silent++;
      if ((nth + 1) % 100 === 0) progress(`${nth + 1} of ${count}, ${violations.length} violations`);
    }
    return { violations, ...figures };
  };
