import { once } from "node:events";
import { Readable } from "node:stream";
import { describe, expect, expectTypeOf, test } from "vitest";
import { Client } from "../../src/client/index.ts";
import { type JsonFunctions, type SizedStream, Worker, type WorkerJob } from "../../src/worker/index.ts";
import { onEachServer, type Server } from "../support/interop-servers.ts";
import { FakeServer } from "../support/worker-fake-server.ts";
import { addressOf, clientOf, gate, uniqueName } from "../support/worker-sessions.ts";

const MB = 1_000_000;

/** What comes of one job. */
async function run(server: Server, name: string, workload = ""): Promise<Buffer> {
  await using client = new Client({ servers: addressOf(server) });
  return await client.run(name, workload);
}

/** So many bytes in pieces of a megabyte, made while they are read. */
const sized = (size: number): SizedStream => ({
  size,
  async *open() {
    for (let left = size; left > 0; left -= MB) yield Buffer.alloc(Math.min(left, MB), "s");
  },
});

describe("results and data of any size", () => {
  onEachServer([], (server) => {
    test("an async generator's values are data, and its end is the end", async () => {
      const name = uniqueName();
      await using worker = new Worker({ servers: addressOf(server()) });
      worker.register(name, async function* (job) {
        for (const letter of job.text()) yield letter;
      });
      await worker.ready();
      await using client = await clientOf(server());
      client.send("SUBMIT_JOB", name, "", "abc");
      for (const letter of "abc") expect((await client.packet("WORK_DATA"))[1]).toBe(letter);
      expect((await client.packet("WORK_COMPLETE"))[1]).toBe("");
    });

    test("what breaks off after some data is an exception", async () => {
      const name = uniqueName();
      await using worker = new Worker({ servers: addressOf(server()) });
      worker.register(name, async function* () {
        yield "a";
        throw new Error("broken");
      });
      await worker.ready();
      await using client = await clientOf(server());
      client.send("SUBMIT_JOB", name, "", "");
      await client.packet("WORK_DATA");
      expect((await client.packet("WORK_EXCEPTION"))[1]).toBe("broken");
    });

    test("a readable stream is a result in pieces", async () => {
      const name = uniqueName();
      await using worker = new Worker({ servers: addressOf(server()) });
      worker.register(name, () => Readable.from([Buffer.from("one"), Buffer.from("two")]));
      await worker.ready();
      await using client = await clientOf(server());
      client.send("SUBMIT_JOB", name, "", "");
      expect((await client.packet("WORK_DATA"))[1]).toBe("one");
      expect((await client.packet("WORK_DATA"))[1]).toBe("two");
      await client.packet("WORK_COMPLETE");
    });

    test("a workload and a result of 100 MB", async () => {
      const name = uniqueName();
      await using worker = new Worker({ servers: addressOf(server()) });
      worker.register(name, ({ workload }) => workload);
      const workload = "w".repeat(100 * MB);
      expect((await run(server(), name, workload)).equals(Buffer.from(workload))).toBe(true);
    });

    test("a stream whose size is known is one result, of 100 MB", async () => {
      const name = uniqueName();
      await using worker = new Worker({ servers: addressOf(server()) });
      worker.register(name, () => sized(100 * MB));
      expect((await run(server(), name)).equals(Buffer.alloc(100 * MB, "s"))).toBe(true);
    });

    test("a stream that is shorter than it said costs the connection; the job is done again", async () => {
      const name = uniqueName();
      await using worker = new Worker({ servers: addressOf(server()) });
      let runs = 0;
      worker.register(name, () => {
        runs += 1;
        return runs === 1 ? { ...sized(MB), size: 2 * MB } : "whole";
      });
      const lost = once(worker, "disconnected");
      expect((await run(server(), name)).toString()).toBe("whole");
      expect((await lost)[1]).toMatchObject({ code: "STREAM" });
    });
  });
});

describe("codecs", () => {
  onEachServer([], (server) => {
    test("JSON in, JSON out, JSON as data; the bytes are there, too", async () => {
      interface Functions {
        readonly [name: string]: { workload: { n: number }; result: number[]; data: string };
      }
      const name = uniqueName();
      await using worker = new Worker<Functions>({ servers: addressOf(server()), codec: "json" });
      worker.register(name, async (job) => {
        expectTypeOf(job).toEqualTypeOf<WorkerJob<{ n: number }, string>>();
        await job.sendData("ü");
        return [job.workload.n, job.bytes.length, (job.json() as { n: number }).n];
      });
      await worker.ready();
      await using client = await clientOf(server());
      client.send("SUBMIT_JOB", name, "", '{"n":5}');
      expect((await client.packet("WORK_DATA"))[1]).toBe('"Ã¼"');
      expect((await client.packet("WORK_COMPLETE"))[1]).toBe("[5,7,5]");
    });

    test("a workload that the codec cannot read is an exception, unless the handler wants the bytes alone", async () => {
      const name = uniqueName();
      await using worker = new Worker<JsonFunctions>({ servers: addressOf(server()), codec: "json" });
      worker.register(name, (job) => (job.text() === "raw" ? job.bytes.length : job.workload));
      await worker.ready();
      await using client = await clientOf(server());
      client.send("SUBMIT_JOB", name, "", "{");
      expect((await client.packet("WORK_EXCEPTION"))[1]).toMatch(/^a value of 1 bytes cannot be read/);
      client.send("SUBMIT_JOB", name, "", "raw");
      expect((await client.packet("WORK_COMPLETE"))[1]).toBe("3");
    });

    test("a result that is no bytes is an exception that says what to do", async () => {
      const name = uniqueName();
      await using worker = new Worker({ servers: addressOf(server()) });
      worker.register(name, () => 5 as never);
      await worker.ready();
      await using client = await clientOf(server());
      client.send("SUBMIT_JOB", name, "", "");
      expect((await client.packet("WORK_EXCEPTION"))[1]).toBe(
        'a value of type number is not bytes or text: give one, or choose the codec "json"',
      );
    });
  });

  test("whoever says what types his functions have must say which codec makes them", () => {
    // @ts-expect-error: no codec
    const make = () => new Worker<{ add: { workload: number[]; result: number } }>({ servers: "a" });
    expectTypeOf(make).toBeFunction();
  });
});

describe("sending", () => {
  test("waits while the server does not read, so that memory stays free; an end of the connection ends the wait", async () => {
    await using fake = await FakeServer.open();
    await using worker = new Worker({ servers: fake.address });
    let sent = 0;
    worker.register("f", async (job) => {
      for (; sent < 1000; sent++) await job.sendData(Buffer.alloc(MB));
    });
    const session = await fake.session();
    await session.welcome("f");
    const aborted = gate<unknown>();
    worker.on("job", (job) => job.signal.addEventListener("abort", () => aborted.open(job.signal.reason)));
    session.send("JOB_ASSIGN", "H:1", "f", "");
    await once(worker, "job");
    session.pause();
    while ((await settled()) !== sent);
    expect(sent).toBeLessThan(100);
    session.destroy();
    const [, outcome] = await once(worker, "done");
    expect(outcome).toEqual({ kind: "aborted", why: await aborted.promise });

    /** How many there are after some turns of the loop. */
    async function settled(): Promise<number> {
      const before = sent;
      for (let turn = 0; turn < 1000; turn++) await new Promise(setImmediate);
      return sent === before ? sent : -1;
    }
  });

  test("after the end of the job is refused, and does no harm to who does not wait for it", async () => {
    await using fake = await FakeServer.open();
    await using worker = new Worker({ servers: fake.address });
    worker.register("f", async (job) => {
      void job.sendStatus(0.5, 1);
      void job.sendData(7 as never);
      await expect(job.sendStatus(-1, 1)).rejects.toMatchObject({ code: "ARGUMENT" });
      await expect(job.sendData(7 as never)).rejects.toMatchObject({ code: "CODEC" });
    });
    const session = await fake.session();
    await session.welcome("f");
    const done = once(worker, "done");
    session.send("JOB_ASSIGN", "H:1", "f", "");
    const [job] = await done;
    void job.sendData("late");
    await expect(job.sendWarning("late")).rejects.toMatchObject({ code: "CLOSED" });
    expect(await session.next(2)).toEqual(["WORK_COMPLETE H:1 ", "GRAB_JOB_ALL"]);
    session.destroy();
  });
});

describe("listeners", () => {
  test("one that throws does not stop the worker: the process is warned", async () => {
    await using fake = await FakeServer.open();
    await using worker = new Worker({ servers: fake.address });
    worker.register("f", () => "r");
    worker.on("job", () => {
      throw new Error("mine");
    });
    const session = await fake.session();
    await session.welcome("f");
    const warned = once(process, "warning");
    session.send("JOB_ASSIGN", "H:1", "f", "");
    expect(await session.next(2)).toEqual(["WORK_COMPLETE H:1 r", "GRAB_JOB_ALL"]);
    expect((await warned)[0].message).toBe('a listener of the worker\'s event "job" threw: mine');
    session.destroy();
  });
});
