/** gearmand and gearmand-ts on one file, round after round, with a ledger of what was acknowledged and not yet worked off. */
import { afterAll, describe, expect, it } from "vitest";
import type { Priority } from "../../src/core/types.ts";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { referenceInstalled, startReference } from "../support/reference.ts";
import { inTurn, type Sent, sent, submit, work } from "./jobs.ts";

const { SEED = String(Date.now() % 2 ** 31), ROUNDS = "8" } = process.env;

/** mulberry32 */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const FUNCTIONS = ["f", "\xffg'\""];

describe.skipIf(!referenceInstalled)("gearmand and gearmand-ts in turn", () => {
  afterAll(() => console.log(`rounds: SEED=${SEED}, ${ROUNDS} rounds`));

  it("lose nothing, hand nothing out twice, and keep the order", async () => {
    const next = random(Number(SEED));
    const upTo = (most: number): number => Math.floor(next() * most);
    await using folder = new Folder();
    const flags = ["-q", "libsqlite3", `--libsqlite3-db=${folder.file("queue")}`];
    const ledger = new Map<string, Sent[]>(FUNCTIONS.map((fn) => [fn, []]));
    let made = 0;

    /** gearmand replaces a job without a unique or with `-` by the next one: it gets none. */
    const make = (fn: string, gearmand: boolean): Sent => {
      const name = `u${++made}\xfe`;
      const unique = gearmand ? name : (["", "-", name, name.padEnd(64, "u")][upTo(4)] ?? name);
      const epoch = upTo(4) === 0 ? 1 : undefined;
      const priority = epoch === undefined ? (upTo(3) as Priority) : 1;
      return sent(fn, unique, `${made}${"\0\xff".repeat(upTo(50))}`, priority, epoch);
    };

    const round = async (port: number, gearmand: boolean): Promise<void> => {
      for (const fn of FUNCTIONS) {
        const waiting = ledger.get(fn) ?? [];
        const jobs = Array.from({ length: 1 + upTo(12) }, () => make(fn, gearmand));
        await submit(port, jobs);
        waiting.push(...jobs);
        const turn = inTurn(waiting).slice(0, upTo(waiting.length));
        const got = await work(port, fn, turn.length);
        expect(got.map(({ workload }) => workload)).toEqual(turn.map(({ workload }) => workload));
        ledger.set(
          fn,
          waiting.filter((job) => !turn.includes(job)),
        );
      }
    };

    for (let n = 0; n < Number(ROUNDS); n++) {
      if (n % 2 === 0) {
        const gearmand = await startReference(flags);
        await round(gearmand.port, true).finally(() => gearmand.stop());
        continue;
      }
      await using daemon = await startDaemon(flags);
      await round(daemon.port, false);
      // Completions ride in the commit behind them; after one more acknowledgement they are on the disk.
      await submit(daemon.port, [sent("fence", `${n}`, "")]);
      if (upTo(2) === 0) daemon.signal("SIGKILL");
      else expect((await daemon.stop()).code).toBe(0);
      await daemon.exited;
    }
    await using last = await startDaemon(flags);
    for (const fn of FUNCTIONS) {
      const waiting = inTurn(ledger.get(fn) ?? []);
      const got = await work(last.port, fn, waiting.length);
      expect(got.map(({ unique, workload }) => [unique, workload])).toEqual(
        waiting.map(({ unique, workload }) => [unique, workload]),
      );
    }
  }, 120_000);
});
