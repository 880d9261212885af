import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeOriginal, type Original, type Trial, tryDamaged } from "./flips.ts";
import { openRoom } from "./small-disk.ts";

const PATIENCE = 120_000;
const SEED = 11;
const JOBS = 400;

let room: ReturnType<typeof openRoom>;
const originals: Original[] = [];

beforeAll(async () => {
  room = openRoom();
  for (const how of ["killed", "closed"] as const) originals.push(await makeOriginal(room, how, JOBS));
}, PATIENCE);

afterAll(() => room[Symbol.asyncDispose]());

async function tryMany(count: number, how: "here" | "daemon"): Promise<{ trials: Trial[]; violations: string[] }> {
  const trials: Trial[] = [];
  for (const original of originals)
    for (let seed = SEED; seed < SEED + count / 2; seed++)
      trials.push(await tryDamaged(original, seed, join(room.path, "copy"), how));
  return {
    trials,
    violations: trials.flatMap(({ damage, violations }) => violations.map((one) => `${damage}: ${one}`)),
  };
}

describe(`a spoilt data directory (seed ${SEED})`, () => {
  it(
    "gives jobs as they were submitted, or is refused with the remedy",
    async () => {
      const { trials, violations } = await tryMany(200, "here");
      expect(violations).toEqual([]);
      expect(trials.some(({ refused }) => refused)).toBe(true);
      expect(trials.some(({ missing }) => missing > 0)).toBe(true);
    },
    PATIENCE,
  );

  it("is no trouble for the daemon", async () => {
    expect((await tryMany(6, "daemon")).violations).toEqual([]);
  });

  it("names the rows that are damaged, and gives the others", async () => {
    const [, closed] = originals;
    if (closed === undefined) throw new Error("there is none");
    const spoil = (file: string): string => {
      const bytes = readFileSync(file);
      const at = bytes.indexOf(Buffer.from("303:"));
      bytes[at + 10] = (bytes[at + 10] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      return "one workload";
    };
    const { missing, violations, log } = await tryDamaged(closed, 0, join(room.path, "copy"), "here", spoil);
    expect({ missing, violations }).toEqual({ missing: 1, violations: [] });
    expect(log.match(/damaged/g)).toHaveLength(1);
  });

  it("is not taken for an empty one because the file was cut off and its log was not", async () => {
    const [killed] = originals;
    if (killed === undefined) throw new Error("there is none");
    const spoil = (file: string): string => {
      truncateSync(file.replace("-wal", ""));
      return "emptied";
    };
    const { refused, violations } = await tryDamaged(killed, 0, join(room.path, "copy"), "here", spoil);
    expect({ refused, violations }).toEqual({ refused: true, violations: [] });
  });

  it("that gives a row twice is refused: a removal would not find the row", async () => {
    const [, closed] = originals;
    if (closed === undefined) throw new Error("there is none");
    const spoil = (file: string): string => {
      const bytes = readFileSync(file);
      const pageOf = (id: number): number => 4096 * Math.floor(bytes.indexOf(Buffer.from(`${id}:`)) / 4096);
      bytes.copy(bytes, pageOf(202), pageOf(318), pageOf(318) + 4096);
      writeFileSync(file, bytes);
      return "a page written twice";
    };
    const { refused, violations } = await tryDamaged(closed, 0, join(room.path, "copy"), "here", spoil);
    expect({ refused, violations }).toEqual({ refused: true, violations: [] });
  });
});
