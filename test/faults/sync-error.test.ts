import { describe, expect, it } from "vitest";
import { wholeLife } from "./scenarios.ts";
import { whyNoStrace } from "./strace.ts";
import { type FailingCall, failAt, wrongsAfterError } from "./sync-error.ts";

const PATIENCE = 120_000;
const impossible = whyNoStrace();

/** In the order of a life: while the file is made, at the first jobs, in the middle, and where the log is copied. */
const PLACES: readonly [FailingCall, number][] = [
  ["fsync", 6],
  ["fsync", 13],
  ["fsync", 25],
  ["fsync", 50],
  ["fsync", 90],
  ["pwrite64", 60],
  ["pwrite64", 700],
  ["pwrite64", 1500],
];

describe.skipIf(impossible !== undefined)(`an I/O error (${impossible ?? "strace"})`, () => {
  it.each(PLACES)(
    "of %s, call %i: nothing is acknowledged any more, the process ends, and a new one has all",
    async (call, nth) => {
      const failed = await failAt(wholeLife, call, nth);
      expect(failed.what).toBe("file");
      expect(wrongsAfterError(failed)).toEqual([]);
    },
    PATIENCE,
  );
});
