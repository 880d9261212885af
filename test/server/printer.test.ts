import { setImmediate as turn } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { systemClock } from "../../src/lib/system-clock.ts";
import { deferred } from "../../src/lib/waiting.ts";
import { startServer } from "../support/server-harness.ts";
import { encode } from "../support/wire.ts";

/** Names of 8000 bytes that take four times as many to print. */
const NAMES = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(4, "0") + "\x01".repeat(7996));
const PRINTED = NAMES.map((name) => name.replaceAll("\x01", "\\x01"));

/** A server that has all these functions, with one worker. */
async function manyFunctions() {
  const context = await startServer();
  const worker = context.connect();
  worker.wire.send(NAMES.map((name) => encode("CAN_DO", [name])).join(""));
  await worker.heard();
  return { ...context, worker };
}

test("a long table comes whole, and what was asked after it comes after it", async () => {
  await using context = await manyFunctions();
  const peer = context.connect();
  peer.wire.send(`status\n${encode("ECHO_REQ", ["behind"])}`);
  const [table, ...rest] = await peer.heard();
  expect(table).toBe(`${PRINTED.map((name) => `${name}\t0\t0\t1\n`).join("")}.\n`);
  expect(rest).toEqual(["ECHO_RES behind"]);
});

test("a long row comes whole", async () => {
  await using context = await manyFunctions();
  const peer = context.connect();
  const [table = ""] = await peer.type("workers");
  expect(table.split("\n")[0]).toBe(`1 memory - : ${PRINTED.toReversed().join(" ")}`);
});

test("what is sent to the same connection meanwhile does not tear it", async () => {
  await using context = await manyFunctions();
  const [client, store] = [context.connect(), context.store];
  client.wire.send(encode("SUBMIT_JOB_BG", ["f", "", "x"]));
  await context.worker.heard();
  client.wire.send("status\n");
  store.commit();
  const [created, table] = await client.heard();
  expect([created, table?.endsWith("\n.\n")]).toEqual(["JOB_CREATED H:1", true]);
});

test("a reader that does not read has little made for him, and others are served", async () => {
  await using context = await manyFunctions();
  const { server } = context;
  const deaf = server.connect();
  deaf.open({ chunk: () => {}, end: () => {}, close: () => {} });
  deaf.pause();
  deaf.write([Buffer.from("status\n".repeat(100))], () => {});
  const other = context.connect();
  for (let n = 0; n < 50; n++) expect(await other.ask("ECHO_REQ", "hello")).toEqual(["ECHO_RES hello"]);
  expect(server.stats().now.outputBytes).toBeLessThan(2 * 1024 ** 2);
  deaf.destroy();
});

/** So that turns are as long here as anywhere: so many milliseconds pass with each look at the clock, and none between them. */
function tickingClock(tick: number) {
  let now = 0;
  const spy = vi.spyOn(systemClock, "monotonic").mockImplementation(() => (now += tick));
  return { [Symbol.dispose]: () => spy.mockRestore() };
}

/** A server with a connection that offers so many functions, and one that reads a table of them. */
async function tableInTheMaking(size: number) {
  const context = await startServer();
  const [worker, reader] = [context.connect(), context.connect()];
  worker.wire.send(Array.from({ length: size }, (_, n) => encode("CAN_DO", [`f${n}`])).join(""));
  await worker.heard();
  const whole = (): boolean => reader.wire.events.some((e) => e.kind === "text" && e.text.endsWith("\n.\n"));
  return { ...context, reader, whole };
}

test("others are served between the rows of a table, however short it is", async () => {
  using _clock = tickingClock(3);
  await using context = await tableInTheMaking(3000);
  const other = context.connect();
  context.reader.wire.send("status\n");
  let served = 0;
  for (; !context.whole(); served++) await other.ask("ECHO_REQ", "hello");
  expect(served).toBeGreaterThan(3);
});

test("the time that a table takes is not taken from those who send meanwhile", async () => {
  using _clock = tickingClock(0.5);
  await using context = await tableInTheMaking(9000);
  const other = context.server.connect();
  const served = deferred<number>();
  other.open({ chunk: (bytes) => served.resolve(bytes.length), end: () => {}, close: () => {} });
  const echoes = Buffer.from(encode("ECHO_REQ", ["hello"]).repeat(100), "latin1");
  context.reader.wire.send("status\n");
  for (let n = 0; n < 3; n++) await turn();
  other.write([echoes], () => {});
  expect([await served.promise, context.whole()]).toEqual([echoes.length, false]);
  other.destroy();
});

test("a table ends though rows come faster than they are read", async () => {
  await using context = await manyFunctions();
  const [peer, maker] = [context.connect(), context.connect()];
  peer.wire.send("status\n");
  let made = 0;
  const ended = peer.wire.until(
    () => peer.wire.events.some((e) => e.kind === "text" && e.text.endsWith("\n.\n")),
    5000,
  );
  for (let done = false; !done; ) {
    await maker.type(`create function g${made++}`);
    done = await Promise.race([ended, Promise.resolve(false)]);
  }
  const [table = ""] = peer.take();
  expect(table.split("\n").length).toBeLessThanOrEqual(NAMES.length + 2);
});

test("a reader who was away reads on, though nothing else happens on the server", async () => {
  await using context = await manyFunctions();
  const reader = context.server.connect();
  const ended = deferred<void>();
  let size = 0;
  let end = "";
  const chunk = (bytes: Buffer): void => {
    size += bytes.length;
    end = `${end}${bytes.subarray(-3)}`.slice(-3);
    if (end === "\n.\n") ended.resolve();
  };
  reader.open({ chunk, end: () => {}, close: () => {} });
  reader.write([Buffer.from("status\n")], () => {});
  reader.pause();
  for (let n = 0; n < 100; n++) await turn();
  reader.resume();
  await ended.promise;
  expect(size).toBe(PRINTED.join("\t0\t0\t1\n").length + "\t0\t0\t1\n.\n".length);
  reader.destroy();
});
