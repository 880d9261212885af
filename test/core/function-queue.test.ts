import { describe, expect, it } from "vitest";
import { FunctionQueue } from "../../src/core/function-queue.ts";
import { Job } from "../../src/core/job.ts";
import { Peer } from "../../src/core/peer.ts";
import { Priority } from "../../src/core/types.ts";
import { aSpec } from "../support/core-harness.ts";

function queueWith(...jobs: [handle: string, priority: Priority, since: number][]) {
  const fn = new FunctionQueue("f");
  const made = jobs.map(([handle, priority, since]) => {
    const job = new Job(handle, fn, aSpec({ priority }), undefined);
    job.runnableSince = since;
    fn.append(job);
    return job;
  });
  return { fn, jobs: made };
}

const { high, normal, low } = Priority;

describe("FunctionQueue", () => {
  it("serves each priority in the order of arrival", () => {
    const { fn, jobs } = queueWith(["a", normal, 0], ["b", normal, 1], ["c", high, 2]);
    const peer = new Peer(1, false);
    expect([fn.runnable, fn.waiting(high), fn.waiting(normal), fn.waiting(low)]).toEqual([3, 1, 2, 0]);
    for (const nth of [2, 0, 1]) {
      expect(fn.jobFor(peer)).toBe(jobs[nth]);
      for (const job of jobs.slice(nth, nth + 1)) fn.remove(job);
    }
    expect([fn.runnable, fn.jobFor(peer)]).toEqual([0, undefined]);
  });

  it("counts delayed jobs as waiting at NORMAL", () => {
    const { fn } = queueWith(["a", normal, 0]);
    fn.delayed = 2;
    expect([fn.waiting(high), fn.waiting(normal), fn.waiting(low), fn.runnable]).toEqual([0, 3, 0, 1]);
  });

  it("has a job for a worker at any priority", () => {
    for (const priority of [high, normal, low]) {
      expect(queueWith(["a", priority, 0]).fn.jobFor(new Peer(1, false))?.handle).toBe("a");
    }
  });

  it("knows the job that is runnable longest, over all priorities", () => {
    const { fn, jobs } = queueWith(["a", low, 1], ["b", high, 2], ["c", normal, 0]);
    expect(fn.oldestRunnable()).toBe(jobs[2]);
    expect(new FunctionQueue("g").oldestRunnable()).toBeUndefined();
  });

  it("withholds a job from the worker that it shuns, while there is another", () => {
    const { fn, jobs } = queueWith(["a", normal, 0], ["b", normal, 1]);
    const [shunned, other] = [new Peer(1, false), new Peer(2, false)];
    for (const job of jobs.slice(0, 1)) job.shunned = shunned;
    fn.workers.add(shunned);
    expect(fn.jobFor(shunned)).toBe(jobs[0]);
    fn.workers.add(other);
    expect([fn.jobFor(shunned), fn.jobFor(other)]).toEqual([jobs[1], jobs[0]]);
    for (const job of jobs.slice(1)) job.shunned = shunned;
    expect([fn.jobFor(shunned), fn.jobFor(other)]).toEqual([undefined, jobs[0]]);
  });

  it("is idle with no jobs, no workers and no hand that made it", () => {
    const fn = new FunctionQueue("f");
    expect(fn.idle).toBe(true);
    fn.byHand = true;
    expect(fn.idle).toBe(false);
    fn.byHand = false;
    fn.workers.add(new Peer(1, false));
    expect(fn.idle).toBe(false);
    fn.workers.clear();
    fn.total = 1;
    expect(fn.idle).toBe(false);
  });
});
