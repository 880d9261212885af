import { Random } from "../model/random.ts";
import { Folder } from "../support/folder.ts";
import { killAt } from "./kill.ts";
import type { LongRun } from "./long-run.ts";
import { sample } from "./sample.ts";
import { secondLife, wholeLife } from "./scenarios.ts";
import type { Point } from "./strace.ts";
import { strike, survey } from "./strike.ts";
import { failAt, wrongsAfterError } from "./sync-error.ts";

const EACH = 50;

export const points: LongRun = async (count, seed, progress) => {
  await using folder = new Folder();
  const random = new Random(seed);
  const verdicts = [];
  for (const scenario of [await secondLife(folder.file("before")), wholeLife]) {
    const all = await survey(scenario);
    const chosen = count < all.length ? sample(all, count, random) : all;
    const tell = (nth: number): void => {
      if (nth % EACH === 0) progress(`${scenario.name}: ${nth} of ${chosen.length} points`);
    };
    verdicts.push({ ...(await killAt(scenario, chosen, "here", tell)), points: kinds(chosen) });
  }
  return { violations: verdicts.flatMap(({ violations }) => violations), verdicts };
};

function kinds(points: readonly Point[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { file, call } of points) counts[`${call} ${file}`] = (counts[`${call} ${file}`] ?? 0) + 1;
  return counts;
}

/** Half of them syncs, half of them writes, spread over all that there are. */
export const syncErrors: LongRun = async (count, _seed, progress) => {
  const violations: string[] = [];
  const ends: Record<string, number> = {};
  let slowest = 0;
  const all = (await survey(wholeLife)).filter(({ file }) => file.startsWith("jobs.sqlite"));
  for (const call of ["fsync", "pwrite64"] as const) {
    const calls = all.filter((point) => point.call === call).length;
    for (let index = 0; index < count / 2; index++) {
      const nth = 1 + Math.floor((index * calls * 2) / count);
      const failed = await failAt(wholeLife, call, nth);
      violations.push(...wrongsAfterError(failed).map((wrong) => `${call} ${nth}: ${wrong}`));
      const end = `${failed.what ?? "not reached"}: ${failed.exit.code ?? failed.exit.signal}`;
      ends[end] = (ends[end] ?? 0) + 1;
      slowest = Math.max(slowest, failed.lasted);
      if ((index + 1) % 10 === 0) progress(`${call}: ${index + 1} of ${count / 2}`);
    }
  }
  return { violations, ends, slowestEnd: slowest };
};

/** So many writes fail in a row. Without room a store tries again each second: more would take longer than a talk waits for its answer. */
const WRITES = 15;

/** For some calls there is no room, and then there is again. */
export const noRoom: LongRun = async (count, seed, progress) => {
  const all = (await survey(wholeLife)).filter(({ file, call }) => call === "pwrite64" && file === "jobs.sqlite-wal");
  const violations: string[] = [];
  const ends: Record<string, number> = {};
  for (const [index, point] of sample(all, count, new Random(seed)).entries()) {
    const { exit, violations: found } = await strike(wholeLife, point, "error=ENOSPC", "here", WRITES);
    violations.push(...found.map((violation) => `no room at ${point.nth}: ${violation}`));
    const end = String(exit.code ?? exit.signal);
    ends[end] = (ends[end] ?? 0) + 1;
    if ((index + 1) % 10 === 0) progress(`${index + 1} of ${count}`);
  }
  return { violations, ends };
};
