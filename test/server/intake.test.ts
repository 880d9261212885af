import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createServer, DEFAULT_TRANSPORT_LIMITS } from "../../src/index.ts";
import { Reader } from "../../src/protocol/reader.ts";
import { Intake } from "../../src/server/intake.ts";
import { startServer } from "../support/server-harness.ts";
import { encode } from "../support/wire.ts";

/** Everything that a peer hears who says all at once, ends his half, and only then listens. */
async function conversation(port: number, bytes: string): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.end(Buffer.from(bytes, "latin1"));
  let heard = "";
  socket.setEncoding("latin1").on("data", (text) => {
    heard += text;
  });
  await once(socket, "end");
  return heard;
}

test("a peer that ends its half while it is paused is answered in full", async () => {
  // Each answer is more than may wait, so that reading pauses after every command.
  const server = createServer({
    listen: [{ host: "127.0.0.1", port: 0 }],
    transport: { ...DEFAULT_TRANSPORT_LIMITS, outputSoftBytes: 1 },
  });
  const [address] = await server.start();
  if (address === undefined || !("port" in address)) throw new Error("no port");
  expect(await conversation(address.port, "version\n".repeat(200))).toBe("OK 0.1.0\n".repeat(200));
  await server.stop();
});

test("others are served between the messages of one that sends without end", async () => {
  await using context = await startServer();
  const [busy, other] = [context.connect(), context.connect()];
  for (let n = 0; n < 2000; n++) await busy.type(`create function f${n}`);
  busy.wire.send("status\n".repeat(300));
  expect(await other.ask("ECHO_REQ", "hello")).toEqual(["ECHO_RES hello"]);
  expect((await busy.heard()).join("").split(".\n")).toHaveLength(301);
});

test("a server that is stopped while it starts has no open port", async () => {
  const server = createServer({ listen: [{ host: "127.0.0.1", port: 0 }] });
  const started = server.start();
  await server.stop();
  await expect(started).rejects.toMatchObject({ code: "ERR_STOPPED" });
  await expect(server.start()).rejects.toMatchObject({ code: "ERR_STOPPED" });
});

test("a server that has stopped lets nobody in", async () => {
  const { server, connect: enter } = await startServer();
  await server.stop();
  const late = enter();
  await late.wire.until(() => late.wire.ended, 5000);
  expect([late.wire.ended, server.stats().connections.dropped]).toEqual([true, 1]);
});

test("a connection that holds more output than it may is cut, and takes nobody with it", async () => {
  const { server, connect: enter } = await startServer({
    transport: { ...DEFAULT_TRANSPORT_LIMITS, outputHardBytes: 10_000 },
  });
  const [client, worker, other] = [enter(), enter(), enter()];
  await worker.ask("CAN_DO", "f");
  await client.ask("SUBMIT_JOB", "f", "u", "data");
  await other.ask("SUBMIT_JOB", "f", "u", "data");
  await worker.ask("GRAB_JOB");
  for (let n = 0; n < 2000; n++) client.wire.send(encode("SUBMIT_JOB", ["f", "u", "data"]));
  await client.wire.until(() => client.wire.ended, 5000);
  await worker.ask("WORK_COMPLETE", "H:1", "result");
  expect(await other.next()).toEqual(["WORK_COMPLETE H:1 result"]);
  expect(server.stats().connections.outputLimit).toBe(1);
  await server.stop();
});

test("one that is served in turns keeps its share, however often it could go on", async () => {
  let served = 0;
  const owner = {
    now: 0,
    mustWait: false,
    turnIsOver: () => true,
    goesOn: () => {},
    allServed: () => {},
  };
  const events = { packet: () => served++, line: () => served++, refused: () => {}, violation: () => {} };
  const connection = createServer().connect();
  const intake = new Intake(connection, new Reader(1000, { held: 0, max: 1000 }, events), owner);
  intake.chunk(Buffer.from("version\n".repeat(100)));
  const shares: number[] = [];
  for (let n = 0; n < 20; n++) {
    const before = served;
    intake.resume();
    await turn();
    shares.push(served - before);
  }
  expect(new Set(shares)).toEqual(new Set([1]));
  intake.stop();
});

test("what comes while it is paused is served behind what was left", async () => {
  // A TLS socket tells of what it had already decrypted, though it is paused.
  const lines: string[] = [];
  const owner = { now: 0, mustWait: false, turnIsOver: () => true, goesOn: () => {}, allServed: () => {} };
  const events = {
    packet: () => {},
    line: (text: Buffer) => void lines.push(text.toString()),
    refused: () => {},
    violation: () => {},
  };
  const intake = new Intake(createServer().connect(), new Reader(1000, { held: 0, max: 1000 }, events), owner);
  const shared = Buffer.from("one\ntwo\n");
  intake.chunk(shared);
  shared.set(Buffer.from("three\nfo"));
  intake.chunk(shared);
  shared.set(Buffer.from("ur\nfive\n"));
  intake.chunk(shared);
  for (let n = 0; n < 6; n++) await turn();
  expect(lines).toEqual(["one", "two", "three", "four", "five"]);
  intake.stop();
});
