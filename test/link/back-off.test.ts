import fc from "fast-check";
import { expect, it } from "vitest";
import { BackOff } from "../../src/link/back-off.ts";

it("waits twice as long each time, up to its most, and begins anew when it succeeds", () => {
  const backOff = new BackOff({ first: 50, most: 300 }, () => 1);
  expect([1, 2, 3, 4, 5].map(() => backOff.failed())).toEqual([50, 100, 200, 300, 300]);
  backOff.succeeded();
  expect(backOff.failed()).toBe(50);
});

it("draws from the upper half of its wait, however often it fails", () => {
  const times = fc.integer({ min: 1, max: 2000 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(times, random, (failures, drawn) => {
      const backOff = new BackOff({ first: 1, most: 1000 }, () => drawn);
      const waits = Array.from({ length: failures }, () => backOff.failed());
      for (const [index, wait] of waits.entries()) {
        const most = Math.min(1000, 2 ** index);
        expect(wait).toBeGreaterThanOrEqual(most / 2);
        expect(wait).toBeLessThanOrEqual(most);
      }
    }),
    { numRuns: 20 },
  );
});

it("draws by itself", () => {
  const wait = new BackOff().failed();
  expect(wait).toBeGreaterThanOrEqual(25);
  expect(wait).toBeLessThanOrEqual(50);
});
