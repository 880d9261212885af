import { expect, test } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../../src/index.ts";
import { Siege } from "../support/hostile-peers.ts";

const bounds = (changes: Partial<Limits>): Limits => ({ ...DEFAULT_LIMITS, ...changes });
const FULL = "ERROR QUEUE_ERROR Job queue of the server is full";

/** Submits background jobs until one is refused; how many were accepted. */
async function fill(client: ReturnType<Siege["peer"]>, load: string): Promise<number> {
  for (let count = 0; ; count++) {
    const [answer] = await client.ask("SUBMIT_JOB_BG", "f", "", load);
    if (answer === FULL) return count;
    expect(answer).toMatch(/^JOB_CREATED /);
  }
}

/** Takes and ends that many jobs. */
async function drain(worker: ReturnType<Siege["peer"]>, count: number): Promise<void> {
  for (let done = 0; done < count; done++) {
    const [job = ""] = await worker.ask("GRAB_JOB");
    expect(job).toMatch(/^JOB_ASSIGN /);
    await worker.ask("WORK_COMPLETE", job.split(" ")[1] ?? "", "");
  }
}

test.each([
  ["jobs", { maxJobs: 100 }, "x"],
  ["bytes", { maxJobBytes: 100_000 }, "x".repeat(1000)],
])(
  "over the watermark of %s new jobs get QUEUE_ERROR, workers go on, back to normal at 80%%",
  async (_what, changes, load) => {
    await using siege = await Siege.begin({ limits: bounds(changes) });
    await siege.honest.stop(); // its jobs would be refused, too
    const [client, worker] = [siege.peer(), siege.peer()];
    expect(await fill(client, load)).toBe(100);
    await worker.ask("CAN_DO", "f");
    await drain(worker, 19);
    expect(await client.ask("SUBMIT_JOB_BG", "f", "", load)).toEqual([FULL]);
    expect(await client.ask("SUBMIT_JOB", "g", "", load)).toEqual([FULL]);
    expect(await client.ask("ECHO_REQ", "read on")).toEqual(["ECHO_RES read on"]);
    await drain(worker, 1);
    expect(await fill(client, load)).toBe(20);
    await drain(worker, 100);
    expect(await worker.ask("GRAB_JOB")).toEqual(["NO_JOB"]);
    expect(siege.now).toMatchObject({ jobs: 0, jobBytes: 0, full: false });
  },
);
