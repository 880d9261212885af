import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { RenewedMap } from "../../src/core/renewed-map.ts";

setFlagsFromString("--expose-gc");
const collect: (how: { type: "minor" | "major" }) => void = runInNewContext("gc");

interface Churned {
  set(key: string, value: Uint8Array): unknown;
  delete(key: string): unknown;
}

/** How much of what has left the map is kept when only young objects are collected, bytes. */
function kept(map: Churned): number {
  collect({ type: "major" });
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 100_000; n++) {
    map.set(`${n}`, Object.assign(new Uint8Array(8), { padding: new Array(20).fill(n) }));
    map.delete(`${n - 200}`);
    if (n % 2_000 === 0) collect({ type: "minor" });
  }
  collect({ type: "minor" });
  return process.memoryUsage().heapUsed - before;
}

it("keeps nothing that has left it from being collected, as a map does: 30 MB here", () => {
  expect(kept(new RenewedMap())).toBeLessThan(10_000_000);
});

it("is a map, also after it was made anew", () => {
  const key = fc.nat(2000);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), key), { minLength: 3000, maxLength: 9000 }), (steps) => {
      const [map, renewed] = [new Map<number, number>(), new RenewedMap<number, number>()];
      for (const [n, [sets, at]] of steps.entries()) {
        expect([renewed.get(at), renewed.has(at)]).toEqual([map.get(at), map.has(at)]);
        if (sets) for (const one of [map, renewed]) one.set(at, n);
        else for (const one of [map, renewed]) one.delete(at);
        expect(renewed.size).toBe(map.size);
      }
    }),
    { numRuns: 5 },
  );
});
