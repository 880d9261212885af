import { once } from "node:events";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Worker, type WorkerJob } from "../../src/worker/index.ts";
import { onEachServer, row } from "../support/interop-servers.ts";
import { FakeServer } from "../support/worker-fake-server.ts";
import { addressOf, clientOf, gate, uniqueName } from "../support/worker-sessions.ts";

afterEach(() => vi.useRealTimers());

describe("close", () => {
  onEachServer([], (server) => {
    test("lets a running job end, sends its result, and leaves the others", async () => {
      const [name, hold] = [uniqueName(), gate<string>()];
      const worker = new Worker({ servers: addressOf(server()) });
      worker.register(name, () => hold.promise);
      await worker.ready();
      await using client = await clientOf(server());
      const begun = once(worker, "job");
      client.send("SUBMIT_JOB", name, "", "x");
      await begun;
      const closed = worker.close();
      expect(worker.close()).toBe(closed);
      client.send("SUBMIT_JOB", name, "", "y");
      await client.handled();
      hold.open("done");
      await closed;
      expect((await client.packet("WORK_COMPLETE"))[1]).toBe("done");
      await client.handled();
      expect(await row(server(), "status", name)).toBe(`${name}\t1\t0\t0`);
    });

    test.each([
      ["bytes", Buffer.alloc(10_000_000, "x")],
      ["a stream", { size: 10_000_000, open: () => Readable.from(Array(100).fill(Buffer.alloc(100_000, "x"))) }],
    ])("a result of 10 MB is sent whole: %s", async (_what, result) => {
      const name = uniqueName();
      const worker = new Worker({ servers: addressOf(server()) });
      worker.register(name, () => result);
      await worker.ready();
      await using client = await clientOf(server());
      client.send("SUBMIT_JOB", name, "", "x");
      await once(worker, "job");
      await worker.close();
      expect((await client.packet("WORK_COMPLETE"))[1]).toHaveLength(10_000_000);
    });

    test("when its time has passed, what runs is aborted and given back", async () => {
      const name = uniqueName();
      const worker = new Worker({ servers: addressOf(server()) });
      worker.register(name, () => new Promise(() => {}));
      await worker.ready();
      await using client = await clientOf(server());
      client.send("SUBMIT_JOB", name, "", "x");
      const [job] = await once(worker, "job");
      const closed = worker.close();
      await Promise.all([worker.close({ timeout: 60_000 }), worker.close({ timeout: 1 }), closed]);
      expect(job.signal.reason).toMatchObject({ code: "CLOSED" });
      await using successor = new Worker({ servers: addressOf(server()) });
      successor.register(name, () => "by another");
      expect((await client.packet("WORK_COMPLETE"))[1]).toBe("by another");
    });

    test("`await using` closes", async () => {
      const name = uniqueName();
      const hold = gate();
      {
        await using worker = new Worker({ servers: addressOf(server()) });
        worker.register(name, () => hold.promise);
        await worker.ready();
        expect(await row(server(), "status", name)).toBe(`${name}\t0\t0\t1`);
      }
      expect(await row(server(), "status", name)).toBe(`${name}\t0\t0\t0`);
    });
  });

  test("a job that comes while it closes is done before it leaves", async () => {
    await using fake = await FakeServer.open();
    const worker = new Worker({ servers: fake.address });
    worker.register("f", () => "result");
    const session = await fake.session();
    await session.welcome("f");
    const closed = worker.close();
    session.send("JOB_ASSIGN", "H:1", "f", "");
    expect(await session.next()).toEqual(["WORK_COMPLETE H:1 result"]);
    await session.closed();
    await closed;
    expect(fake.open).toBe(0);
  });

  test("NO_JOB is waited for, too", async () => {
    await using fake = await FakeServer.open();
    const worker = new Worker({ servers: fake.address });
    worker.register("f", () => {});
    const session = await fake.session();
    await session.welcome("f");
    const closed = worker.close();
    session.send("NO_JOB");
    await session.closed();
    await closed;
  });

  test("while it connects, and while it waits to try again", async () => {
    await using fake = await FakeServer.open();
    const hanging = new Worker({ servers: fake.address, connectTimeout: 60_000, auth: () => new Promise(() => {}) });
    hanging.register("f", () => {});
    await fake.arrival();
    const refused = new Worker({ servers: "127.0.0.1:1" });
    const down = once(refused, "disconnected");
    refused.register("f", () => {});
    await down;
    const connecting = new Worker({ servers: fake.address });
    connecting.register("f", () => {});
    await Promise.all([hanging.close(), refused.close(), connecting.close()]);
  });

  test("from a listener, as soon as it is connected", async () => {
    await using fake = await FakeServer.open();
    const worker = new Worker({ servers: fake.address });
    const closed = once(worker, "closed");
    worker.on("connected", () => void worker.close());
    worker.register("f", () => {});
    const session = await fake.session();
    await session.welcome("f");
    session.send("NO_JOB");
    await session.closed();
    await closed;
  });

  test("at a server that hears that we are gone and does not close it ends long before two heartbeats", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    await using fake = await FakeServer.open({ allowHalfOpen: true });
    const worker = new Worker({ servers: fake.address, heartbeat: 800 });
    worker.register("f", () => {});
    const session = await fake.session();
    await session.welcome("f");
    const closed = worker.close();
    session.send("NO_JOB");
    await session.closed(); // its half
    vi.advanceTimersByTime(600);
    await closed;
  });

  test("at a server that neither answers nor closes it ends after two heartbeats", async () => {
    await using fake = await FakeServer.open();
    const worker = new Worker({ servers: fake.address, heartbeat: 20 });
    worker.register("f", () => {});
    await (await fake.session()).welcome("f");
    await worker.close();
  });

  test("at a server that answers all but grabs it ends after two heartbeats", async () => {
    await using fake = await FakeServer.open();
    const worker = new Worker({ servers: fake.address, heartbeat: 40 });
    worker.register("f", () => {});
    const session = await fake.session();
    await session.welcome("f");
    const answer = async (): Promise<void> => {
      for (;;) if ((await session.next())[0]?.startsWith("ECHO_REQ")) session.send("ECHO_RES", "gearmand-ts");
    };
    await Promise.race([worker.close(), answer()]);
    await session.closed();
  });

  test("`ready` of a worker that closes rejects, and nothing can be registered", async () => {
    const worker = new Worker({ servers: "127.0.0.1:1" });
    worker.register("f", () => {});
    const ready = worker.ready();
    const closed = expect(ready).rejects.toMatchObject({ code: "CLOSED" });
    await worker.close();
    await closed;
    expect(() => worker.register("g", () => {})).toThrow(expect.objectContaining({ code: "CLOSED" }));
  });

  test("handlers of a lost connection are waited for", async () => {
    await using fake = await FakeServer.open();
    const hold = gate();
    const worker = new Worker({ servers: fake.address });
    const outcomes: unknown[] = [];
    worker.on("done", (_job: WorkerJob, outcome) => outcomes.push(outcome.kind));
    worker.register("f", () => hold.promise);
    const session = await fake.session();
    await session.welcome("f");
    session.send("JOB_ASSIGN", "H:1", "f", "");
    const [job] = await once(worker, "job");
    const lost = once(worker, "disconnected");
    session.destroy();
    // It is made when it is first asked for, which may be late.
    const [, why] = await lost;
    expect(job.signal.reason).toBe(why);
    expect(job.signal.aborted).toBe(true);
    let isClosed = false;
    const closed = worker.close().then(() => {
      isClosed = true;
    });
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    hold.open();
    await closed;
    expect(outcomes).toEqual(["aborted"]);
  });
});
