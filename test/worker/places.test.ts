import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { Worker, type WorkerJob } from "../../src/worker/index.ts";
import { onEachServer, row } from "../support/interop-servers.ts";
import type { Peer } from "../support/peer.ts";
import { addressOf, clientOf, gate, uniqueName } from "../support/worker-sessions.ts";

/** A handler whose jobs end when they are told to, and that knows how many ran at once. */
class Bench {
  running = 0;
  most = 0;
  readonly #open: (() => void)[] = [];
  #closing = false;

  readonly handler = async (): Promise<void> => {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    const { promise, open } = gate();
    this.#open.push(open);
    if (this.#closing) open();
    await promise;
    this.running -= 1;
  };

  /** Lets all jobs end, those to come too. */
  endAll(): void {
    this.#closing = true;
    for (const open of this.#open) open();
  }

  /** Lets the job that runs longest end. */
  endOne(): void {
    this.#open.shift()?.();
  }
}

async function completed(client: Peer, count: number): Promise<void> {
  for (let left = count; left > 0; left--) await client.packet("WORK_COMPLETE");
}

function submit(client: Peer, name: string, count: number): void {
  for (let left = count; left > 0; left--) client.send("SUBMIT_JOB", name, "", "x");
}

/** Settles once so many more have come. */
function jobs(worker: Worker, count: number): Promise<void> {
  const { promise, open } = gate();
  let left = count;
  worker.on("job", () => {
    left -= 1;
    if (left === 0) open();
  });
  return promise;
}

describe("places for jobs", () => {
  onEachServer([], (server) => {
    test("a full worker does not grab: of 5 jobs 2 run, and 3 are for others", async () => {
      const [name, bench] = [uniqueName(), new Bench()];
      await using worker = new Worker({ servers: addressOf(server()), concurrency: 2 });
      worker.register(name, bench.handler);
      await worker.ready();
      await using client = await clientOf(server());
      const two = jobs(worker, 2);
      submit(client, name, 5);
      await two;
      await client.handled();
      expect(await row(server(), "status", name)).toBe(`${name}\t5\t2\t1`);
      for (let left = 5; left > 0; left--) {
        bench.endOne();
        await client.packet("WORK_COMPLETE");
        if (left > 2) await becomes(bench, 2);
      }
      expect(bench.most).toBe(2);
    });

    test("a function with places of its own does not take those of others, nor they its", async () => {
      const [shared, own] = [new Bench(), new Bench()];
      const names = [uniqueName(), uniqueName()] as const;
      await using worker = new Worker({ servers: addressOf(server()) });
      worker.register(names[0], shared.handler).register(names[1], own.handler, { concurrency: 3 });
      await worker.ready();
      await using client = await clientOf(server());
      const four = jobs(worker, 4);
      for (const name of names) submit(client, name, 4);
      await four;
      expect([shared.running, own.running]).toEqual([1, 3]);
      for (const bench of [shared, own]) bench.endAll();
      await completed(client, 8);
      expect([shared.most, own.most]).toEqual([1, 3]);
    });

    test("after maxJobs it closes by itself, and what it did not take is left", async () => {
      const name = uniqueName();
      const worker = new Worker({ servers: addressOf(server()), concurrency: 4, maxJobs: 3 });
      let done = 0;
      worker.on("done", () => {
        done += 1;
      });
      const closed = once(worker, "closed");
      worker.register(name, () => {});
      await worker.ready();
      await using client = await clientOf(server());
      submit(client, name, 5);
      await completed(client, 3);
      await closed;
      await client.handled();
      expect(done).toBe(3);
      expect(await row(server(), "status", name)).toBe(`${name}\t2\t0\t0`);
      expect(() => worker.register("more", () => {})).toThrow(expect.objectContaining({ code: "CLOSED" }));
    });

    test("a function that is registered later is done, also with jobs that were there before", async () => {
      const [first, second] = [uniqueName(), uniqueName()];
      await using worker = new Worker({ servers: addressOf(server()) });
      worker.register(first, () => "1");
      await worker.ready();
      await using client = await clientOf(server());
      submit(client, second, 1);
      await client.packet("JOB_CREATED");
      worker.register(second, () => "2");
      expect((await client.packet("WORK_COMPLETE"))[1]).toBe("2");
    });

    test.each([undefined, 2])(
      "unregister lets what runs end and takes no more: concurrency %s",
      async (concurrency) => {
        const [kept, left] = [uniqueName(), uniqueName()];
        const hold = gate();
        const runs: WorkerJob[] = [];
        await using worker = new Worker({ servers: addressOf(server()), concurrency: 3 });
        worker.register(kept, () => "kept");
        const handler = async (job: WorkerJob): Promise<void> => {
          runs.push(job);
          await hold.promise;
        };
        worker.register(left, handler, concurrency === undefined ? {} : { concurrency });
        await worker.ready();
        await using client = await clientOf(server());
        const begun = jobs(worker, 1);
        submit(client, left, 1);
        await begun;
        const unregistered = worker.unregister(left);
        await expect(Promise.race([unregistered, client.handled().then(() => "it waits")])).resolves.toBe("it waits");
        hold.open();
        await unregistered;
        await completed(client, 1);
        expect(runs).toHaveLength(1);
        expect(await row(server(), "status", left)).toBe(`${left}\t0\t0\t0`);
        submit(client, left, 1);
        submit(client, kept, 1);
        expect((await client.packet("WORK_COMPLETE"))[1]).toBe("kept");
        expect(await row(server(), "status", left)).toBe(`${left}\t1\t0\t0`);
        worker.register(left, () => "again");
        expect((await client.packet("WORK_COMPLETE"))[1]).toBe("again");
      },
    );

    test("SUBMIT_REDUCE_JOB tells its reducer, and a unique is told", async () => {
      const name = uniqueName();
      await using worker = new Worker({ servers: addressOf(server()) });
      worker.register(name, (job) => `${job.unique} ${job.reducer} ${job.text()}`);
      await worker.ready();
      await using client = await clientOf(server());
      client.send("SUBMIT_REDUCE_JOB", name, "u", "sum", "aggregator", "parts");
      expect((await client.packet("WORK_COMPLETE"))[1]).toBe("u sum parts");
      client.send("SUBMIT_JOB", name, "v", "whole");
      expect((await client.packet("WORK_COMPLETE"))[1]).toBe("v undefined whole");
    });
  });
});

/** The next job comes after the end of one: until then fewer run. */
async function becomes(bench: Bench, running: number): Promise<void> {
  while (bench.running < running) await new Promise(setImmediate);
}
