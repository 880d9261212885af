import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Random } from "../model/random.ts";
import { CrashLedger } from "./crash-ledger.ts";
import { CrashLife } from "./crash-life.ts";
import { faults, mend } from "./faults.ts";

vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));

const { CRASH_SEED, CRASH_SEEDS = "100" } = process.env;

/** What is written here is not about disks. */
const SHM = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

beforeEach(() => {
  // A small disk has a small reserve, and its log is copied often.
  faults.disk = { size: 512 * 1024, free: 2 ** 30 };
});

afterEach(() => {
  mend();
});

/** Several lives of a server, each on a copy of what the one before had on disk at a random moment. */
async function livesOf(seed: number, folder: string): Promise<CrashLedger> {
  const random = new Random(seed);
  const jobRetries = random.pick([-1, 2]);
  const ledger = new CrashLedger(Math.max(0, jobRetries));
  let workloads = 0;
  let path = join(folder, "life-0");
  for (let life = 1; life <= 5; life++) {
    const one = new CrashLife(path, jobRetries, random, ledger);
    const workload = (): string => `${++workloads} ${"x".repeat(random.chance(0.1) ? random.below(40_000) : 10)}`;
    await one.run(workload);
    const next = join(folder, `life-${life}`);
    cpSync(path, next, { recursive: true });
    await one.end();
    path = next;
  }
  return ledger;
}

async function crash(seed: number): Promise<CrashLedger> {
  const folder = mkdtempSync(join(SHM, "gearmand-ts-"));
  try {
    return await livesOf(seed, folder);
  } catch (error) {
    throw new Error(`crashes: run again with CRASH_SEED=${seed}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("whenever the server is killed, no acknowledged job is lost and none whose end is stored comes back", {
  timeout: 24 * 3600_000,
}, async () => {
  const first = CRASH_SEED === undefined ? Date.now() % 2 ** 31 : Number(CRASH_SEED);
  const count = CRASH_SEED === undefined ? Number(CRASH_SEEDS) : 1;
  const sum = { acknowledged: 0, assigned: 0, repeated: 0 };
  for (let seed = first; seed < first + count; seed++) {
    const ledger = await crash(seed);
    sum.acknowledged += ledger.acknowledged;
    sum.assigned += ledger.assigned;
    sum.repeated += ledger.repeated;
  }
  console.log(`crashes: seeds ${first} to ${first + count - 1}, ${JSON.stringify(sum)}`);
  if (count > 1) for (const [what, number] of Object.entries(sum)) expect(number, what).toBeGreaterThan(0);
});
