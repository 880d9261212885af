import { expect, test } from "vitest";
import { DEFAULT_LIMITS, DEFAULT_TRANSPORT_LIMITS } from "../../src/index.ts";
import { limitsThatFit } from "../../src/server/machine.ts";

const MiB = 1024 ** 2;
/** By which V8's limit is above --max-old-space-size: its young generation. */
const YOUNG = 48 * MiB;
/** Measured in V8's heap: a job for which a client waits, a function, a connection, what it offers for each function; and the server alone. */
const [JOB, FUNCTION, CONNECTION, ABILITY, SERVER] = [670, 1500, 3460, 158, 7.4 * MiB];

const DEFAULTS = { limits: DEFAULT_LIMITS, transport: DEFAULT_TRANSPORT_LIMITS };

test.each([64, 83, 128, 256, 512, 1024, 4096, 12_288])(
  "what fills a heap of %d MiB is refused before it is full",
  (size) => {
    const { limits, transport } = limitsThatFit(DEFAULTS, size * MiB + YOUNG, 1_000_000);
    const peers = transport.maxConnections * CONNECTION + limits.maxAbilitiesInAll * ABILITY;
    const full = SERVER + limits.maxJobs * JOB + limits.maxFunctions * FUNCTION + peers;
    expect(full / (size * MiB)).toBeLessThan(0.85);
    expect(full / (size * MiB)).toBeGreaterThan(0.6);
    expect(limits.maxWaits).toBe(limits.maxJobs);
  },
);

test("ten million jobs fit in a heap of 12 GiB", () => {
  expect(limitsThatFit(DEFAULTS, 12_288 * MiB + YOUNG, 50_000).limits.maxJobs).toBeGreaterThan(10_000_000);
});

test("a heap hardly large enough for the server, and hardly any files, leave room for some", () => {
  const { limits, transport } = limitsThatFit(DEFAULTS, 32 * MiB, 10);
  expect([limits.maxJobs > 1000, transport.maxConnections]).toEqual([true, 1]);
});

test("functions are as many as fit in their part of the heap, and never more than 100,000", () => {
  const functions = [64, 1024, 4096].map((size) => limitsThatFit(DEFAULTS, size * MiB + YOUNG).limits.maxFunctions);
  expect(functions).toEqual([3311, 69_537, 100_000]);
});

test("what was asked for stays as it is, and connections beyond what fits take no room from jobs", () => {
  const asked = {
    limits: { ...DEFAULT_LIMITS, maxJobs: 1, maxWaits: 2, maxJobBytes: 3, maxFunctions: 4, maxAbilitiesInAll: 5 },
    transport: { ...DEFAULT_TRANSPORT_LIMITS, maxConnections: 10_000_000 },
  };
  expect(limitsThatFit(asked, 64 * MiB + YOUNG)).toEqual(asked);
  const { limits } = limitsThatFit({ ...asked, limits: DEFAULT_LIMITS }, 64 * MiB + YOUNG);
  expect(limits.maxJobs).toBeGreaterThan(20_000);
});
