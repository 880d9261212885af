import { once } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { FailJob, Worker, type WorkerOptions } from "../../src/worker/index.ts";
import { FakeServer, type FakeSession } from "../support/worker-fake-server.ts";
import { gate } from "../support/worker-sessions.ts";

/** A worker that does `f`, at a server that says what the test wants. */
async function meet(handler: Parameters<Worker["register"]>[1] = () => "r", options: Partial<WorkerOptions> = {}) {
  const fake = await FakeServer.open();
  const worker = new Worker({ servers: fake.address, ...options });
  worker.register("f", handler);
  const session = await fake.session();
  const dispose = async () => {
    const closed = worker.close({ timeout: 0 });
    await fake[Symbol.asyncDispose]();
    await closed;
  };
  return { fake, worker, session, [Symbol.asyncDispose]: dispose };
}

async function idle(session: FakeSession): Promise<void> {
  session.send("NO_JOB");
  expect(await session.next()).toEqual(["PRE_SLEEP"]);
}

describe("what a worker says", () => {
  test("first it says what it can do, and grabs", async () => {
    await using met = await meet();
    expect(await met.session.next(3)).toEqual(["CAN_DO f", "ECHO_REQ gearmand-ts", "GRAB_JOB_ALL"]);
  });

  test("a time limit is said in milliseconds, and the name it has before anything else", async () => {
    await using fake = await FakeServer.open();
    await using worker = new Worker({ servers: fake.address, id: "näme" });
    worker.register("g", () => {}, { timeout: 1500 });
    const session = await fake.session();
    expect(await session.next(2)).toEqual(["SET_CLIENT_ID nÃ¤me", "CAN_DO_TIMEOUT g 1500"]);
    session.destroy();
  });

  test("all that it can do is said before it grabs", async () => {
    await using fake = await FakeServer.open();
    await using worker = new Worker({ servers: fake.address });
    worker.register("f", () => {}).register("g", () => {});
    const session = await fake.session();
    const said = await session.next(5);
    expect(said.filter((packet) => !packet.startsWith("ECHO"))).toEqual(["CAN_DO f", "CAN_DO g", "GRAB_JOB_ALL"]);
    session.destroy();
  });

  test("without work it sleeps, and grabs when it is woken", async () => {
    await using met = await meet();
    await met.session.welcome("f");
    await idle(met.session);
    met.session.send("NOOP");
    expect(await met.session.next()).toEqual(["GRAB_JOB_ALL"]);
    await idle(met.session);
  });

  test("a NOOP that overtakes a NO_JOB is no reason to grab twice", async () => {
    await using met = await meet();
    await met.session.welcome("f");
    met.session.sendAtOnce(["NOOP"], ["NO_JOB"]);
    expect(await met.session.next()).toEqual(["PRE_SLEEP"]);
  });

  test.each([
    ["JOB_ASSIGN", ["H:1", "f", "w\0x"], { unique: "", reducer: undefined }],
    ["JOB_ASSIGN_UNIQ", ["H:1", "f", "ü", "w\0x"], { unique: "ü", reducer: undefined }],
    ["JOB_ASSIGN_ALL", ["H:1", "f", "u", "red", "w\0x"], { unique: "u", reducer: "red" }],
    ["JOB_ASSIGN_ALL", ["H:1", "f", "u", "", "w\0x"], { unique: "u", reducer: undefined }],
  ] as const)("%s is run; its result and the next grab leave in one write", async (name, args, expected) => {
    await using met = await meet((job) => job.workload);
    const job = once(met.worker, "job");
    await met.session.welcome("f");
    const wire = args.map((arg) => Buffer.from(arg, "utf8").toString("latin1"));
    const writes = met.session.countChunks();
    met.session.send(name, ...wire);
    expect((await job)[0]).toMatchObject({ function: "f", handle: "H:1", server: met.fake.address, ...expected });
    expect(await met.session.next(2)).toEqual(["WORK_COMPLETE H:1 w\0x", "GRAB_JOB_ALL"]);
    expect(writes()).toBe(1);
  });

  test("an exception is followed by WORK_FAIL, FailJob is WORK_FAIL alone", async () => {
    await using met = await meet((job) => {
      throw job.text() === "fail" ? new FailJob() : new Error("why");
    });
    await met.session.welcome("f");
    met.session.send("JOB_ASSIGN", "H:1", "f", "");
    expect(await met.session.next(3)).toEqual(["WORK_EXCEPTION H:1 why", "WORK_FAIL H:1", "GRAB_JOB_ALL"]);
    met.session.send("ERROR", "JOB_NOT_FOUND", "Job given in work result not found");
    met.session.send("JOB_ASSIGN", "H:2", "f", "fail");
    expect(await met.session.next(2)).toEqual(["WORK_FAIL H:2", "GRAB_JOB_ALL"]);
  });

  test("an async iterable is sent in pieces and an empty result", async () => {
    await using met = await meet(async function* () {
      yield "a";
      yield Buffer.from("b");
    });
    await met.session.welcome("f");
    met.session.send("JOB_ASSIGN", "H:1", "f", "");
    const pieces = ["WORK_DATA H:1 a", "WORK_DATA H:1 b", "WORK_COMPLETE H:1 ", "GRAB_JOB_ALL"];
    expect(await met.session.next(4)).toEqual(pieces);
  });

  test("the more jobs come, the more it asks for at a time, up to what is free; after NO_JOB for one", async () => {
    const hold = gate();
    await using met = await meet(() => hold.promise, { concurrency: 4 });
    await met.session.welcome("f");
    met.session.send("JOB_ASSIGN", "H:1", "f", "");
    expect(await met.session.next(2)).toEqual(["GRAB_JOB_ALL", "GRAB_JOB_ALL"]);
    met.session.send("JOB_ASSIGN", "H:2", "f", "");
    expect(await met.session.next()).toEqual(["GRAB_JOB_ALL"]);
    met.session.sendAtOnce(["NO_JOB"], ["NO_JOB"]);
    expect(await met.session.next()).toEqual(["PRE_SLEEP"]);
    met.session.send("NOOP");
    expect(await met.session.next()).toEqual(["GRAB_JOB_ALL"]);
    hold.open();
    expect(await met.session.next(2)).toEqual(["WORK_COMPLETE H:1 ", "WORK_COMPLETE H:2 "]);
  });

  test("a full worker that is woken remembers it, and grabs once a place is free", async () => {
    const hold = gate();
    await using met = await meet(() => hold.promise);
    await met.session.welcome("f");
    met.session.send("JOB_ASSIGN", "H:1", "f", "");
    met.session.send("NOOP");
    met.session.send("NOOP");
    await once(met.worker, "job");
    hold.open();
    expect(await met.session.next(2)).toEqual(["WORK_COMPLETE H:1 ", "GRAB_JOB_ALL"]);
    await idle(met.session);
  });

  test.each([Number.NaN, -1, 1.5])("of a result of %s bytes the client hears an exception", async (size) => {
    await using met = await meet(() => ({ size, open: async function* () {} }));
    await met.session.welcome("f");
    met.session.send("JOB_ASSIGN", "H:1", "f", "");
    expect((await met.session.next())[0]).toMatch(/^WORK_EXCEPTION H:1 the size of a stream is its bytes, not /);
  });

  test("of a result too large for a packet the client hears an exception", async () => {
    await using met = await meet(() => ({ size: 2 ** 32, open: async function* () {} }));
    await met.session.welcome("f");
    met.session.send("JOB_ASSIGN", "H:1", "f", "");
    expect((await met.session.next())[0]).toMatch(/^WORK_EXCEPTION H:1 .*out of range/);
  });
});

describe("what a worker makes of what it did not ask for", () => {
  test("packets of no use, and jobs and NO_JOBs that nobody asked for, are ignored", async () => {
    await using met = await meet();
    await met.session.welcome("f");
    await idle(met.session);
    met.session.send("NO_JOB");
    met.session.send("JOB_ASSIGN", "H:9", "f", "");
    met.session.send("STATUS_RES", "H:9", "1", "1", "0", "0");
    met.session.send("ECHO_RES", "who asked?");
    met.session.send("ERROR", "QUEUE_ERROR", "no");
    met.session.send("NOOP");
    expect(await met.session.next()).toEqual(["GRAB_JOB_ALL"]);
  });

  test("a job of a function that is not its is given back", async () => {
    await using met = await meet();
    await met.session.welcome("f");
    met.session.send("JOB_ASSIGN", "H:1", "other", "");
    expect(await met.session.next(2)).toEqual(["CANT_DO other", "GRAB_JOB_ALL"]);
  });

  test.each([
    ["text", "ERR what\r\n"],
    ["an HTTP server", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["bytes of no packet", "\0RE\xff\xff\xff\xff\xff\xff\xff\xff\xff"],
    ["a packet type that there is not", "\0RES\0\0\0\x63\0\0\0\0"],
    ["a request", "\0REQ\0\0\0\x09\0\0\0\0"],
    ["a JOB_ASSIGN without its arguments", "\0RES\0\0\0\x0b\0\0\0\x01x"],
  ])("%s ends the connection, and it comes again", async (_what, rubbish) => {
    await using met = await meet();
    await met.session.welcome("f");
    const gone = once(met.worker, "disconnected");
    met.session.sendBytes(rubbish);
    const [server, why] = await gone;
    expect([server, why.code]).toEqual([met.fake.address, "PROTOCOL"]);
    await (await met.fake.session()).welcome("f");
  });
});

describe("a run that was given up", () => {
  test("says nothing more, also when the same handle comes again on the same connection", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      const runs: { readonly signal: AbortSignal; readonly end: (value: string) => void }[] = [];
      await using fake = await FakeServer.open();
      await using worker = new Worker({ servers: fake.address, concurrency: 2 });
      const handler = (job: { signal: AbortSignal }): Promise<string> => {
        const hold = gate<string>();
        runs.push({ signal: job.signal, end: hold.open });
        return hold.promise;
      };
      worker.register("f", handler, { timeout: 1000 });
      const session = await fake.session();
      await session.welcome("f");
      session.send("JOB_ASSIGN", "H:1", "f", "");
      await session.next();
      vi.advanceTimersByTime(1000);
      expect(runs[0]?.signal.reason).toMatchObject({ code: "TIMEOUT" });
      session.send("JOB_ASSIGN", "H:1", "f", "");
      await once(worker, "job");
      runs[0]?.end("first");
      expect((await once(worker, "done"))[1]).toMatchObject({ kind: "aborted" });
      runs[1]?.end("second");
      expect(await session.next(6)).toEqual([
        "WORK_COMPLETE H:1 second",
        "CANT_DO f",
        "CAN_DO_TIMEOUT f 1000",
        "ECHO_REQ gearmand-ts",
        "GRAB_JOB_ALL",
        "GRAB_JOB_ALL",
      ]);
      session.destroy();
    } finally {
      vi.useRealTimers();
    }
  });
});
