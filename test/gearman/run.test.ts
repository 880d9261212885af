/* What a worker does where only a test can hold its surroundings still: in this process. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { readCommandLine } from "../../src/cli/gearman/command-line.ts";
import { Outlet } from "../../src/cli/gearman/outlet.ts";
import type { WorkerPlan } from "../../src/cli/gearman/plan.ts";
import { planOf } from "../../src/cli/gearman/plan.ts";
import { type Job, runCommand } from "../../src/cli/gearman/run-command.ts";
import { runWorker } from "../../src/cli/gearman/worker.ts";

const planFor = (...args: string[]): WorkerPlan => {
  const plan = planOf(readCommandLine(["-w", "-f", "x", ...args]), {}, false);
  if (plan.kind === "client") throw new Error("a client");
  return plan;
};

const job = (signal = new AbortController().signal): Job => {
  const parts = { function: "x", handle: "H:1", unique: "", workload: Buffer.alloc(0), signal };
  return { ...parts, sendWarning: async () => {}, sendData: async () => {} } as unknown as Job;
};

const run = (plan: WorkerPlan, signal?: AbortSignal) =>
  runCommand(job(signal), plan, ["sh", "-c", "head -c 5000000 /dev/zero >&2; echo done"]);

type Done = () => void;

/** Stands in for the stderr of this process. */
const takeStderr = (take: (done: Done) => void) =>
  vi.spyOn(process.stderr, "write").mockImplementation(((_bytes: unknown, done: Done = () => {}) => {
    take(done);
    return false;
  }) as typeof process.stderr.write);

afterEach(() => void vi.restoreAllMocks());

describe("a command's stderr", () => {
  it("waits for a slow reader of the worker's", async () => {
    const waiting: Done[] = [];
    let most = 0;
    takeStderr((done) => {
      most = Math.max(most, waiting.push(done));
      setImmediate(() => setImmediate(() => waiting.pop()?.()));
    });
    expect(await run(planFor())).toEqual(Buffer.from("done\n"));
    expect(most).toBe(1);
  });

  it("that nobody reads holds up neither the time limit of a job nor its end", async () => {
    takeStderr(() => {});
    await expect(run(planFor("--job-timeout", "100"))).rejects.toThrow("killed after 100 ms");
    await expect(run(planFor(), AbortSignal.abort())).rejects.toThrow("killed by SIGTERM");
  });
});

it("a signal that came before the worker was there ends it as any other", async () => {
  const complain = vi.fn();
  const onSignal = (handler: (signal: "SIGTERM") => void): void => handler("SIGTERM");
  const ending = await runWorker(planFor("-h", "127.0.0.1:1", "cat"), { outlet: new Outlet(), complain, onSignal });
  expect([ending, complain.mock.calls]).toEqual(["done", []]);
});
