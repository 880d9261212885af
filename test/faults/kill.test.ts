import { describe, expect, it } from "vitest";
import { Random } from "../model/random.ts";
import { Folder } from "../support/folder.ts";
import { killAt } from "./kill.ts";
import { sample } from "./sample.ts";
import { type Scenario, secondLife, wholeLife } from "./scenarios.ts";
import { whyNoStrace } from "./strace.ts";
import { survey } from "./strike.ts";

const PATIENCE = 120_000;
const SEED = 4;

const impossible = whyNoStrace();

/** Kills at some of all points; the long run is `npm run faults -- --every`. */
const killAtSome = async (scenario: Scenario, count: number) =>
  killAt(scenario, sample(await survey(scenario), count, new Random(SEED)), "here");

describe.skipIf(impossible !== undefined)(`killed at a system call (${impossible ?? `seed ${SEED}`})`, () => {
  it(
    "in a whole life, it loses no acknowledged job, and gives none again that was over",
    async () => {
      const { violations, killed } = await killAtSome(wholeLife, 19);
      expect(violations).toEqual([]);
      expect(killed).toBeGreaterThan(9);
    },
    PATIENCE,
  );

  it(
    "in a second life, while it recovers, works and stops",
    async () => {
      await using folder = new Folder();
      const { violations, killed } = await killAtSome(await secondLife(folder.file("before")), 6);
      expect(violations).toEqual([]);
      expect(killed).toBeGreaterThan(2);
    },
    PATIENCE,
  );
});
