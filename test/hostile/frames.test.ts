import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { rawPacket } from "../support/codec-stream.ts";
import { eventually, gone, limits, request, Siege } from "../support/hostile-peers.ts";

test("half headers, half packets and half lines that make no progress are cut; who is merely idle is not", async () => {
  await using siege = await Siege.begin({ transport: limits({ frameTimeout: 100 }) });
  const [idle, sleeper] = [siege.peer(), siege.peer()];
  await sleeper.ask("CAN_DO", "f");
  await sleeper.ask("PRE_SLEEP");
  await idle.heard();
  const halves = ["\0RE", rawPacket("hello", { size: 100 }), rawPacket("", { size: 2 ** 31 }), "stat"];
  const sockets = await Promise.all(Array.from({ length: 200 }, () => siege.connected()));
  await Promise.all(
    sockets.map((socket, index) => {
      socket.resume().write(halves[index % halves.length] ?? "");
      return gone(socket);
    }),
  );
  expect(siege.counters.stalledInput).toBe(200);
  expect(await idle.ask("ECHO_REQ", "still here")).toEqual(["ECHO_RES still here"]);
  expect(await sleeper.ask("ECHO_REQ", "still here")).toEqual(["ECHO_RES still here"]);
});

test("slow but progressing is not cut", async () => {
  await using siege = await Siege.begin({ transport: limits({ frameTimeout: 400 }) });
  const slow = siege.peer();
  // Longer than the timeout and two sweeps together.
  for (const byte of request("ECHO_REQ", "x".repeat(58)).toString("latin1")) {
    slow.wire.send(byte);
    await sleep(25);
  }
  expect(await slow.next()).toEqual([`ECHO_RES ${"x".repeat(58)}`]);
  expect(siege.counters.stalledInput).toBe(0);
});

test("a first packet that comes in pieces is not cut by the first-byte timeout, only who says nothing", async () => {
  await using siege = await Siege.begin({ transport: limits({ firstByteTimeout: 100 }) });
  const [half, silent] = [siege.peer(), await siege.connected()];
  const packet = request("ECHO_REQ", "hello").toString("latin1");
  half.wire.send(packet.slice(0, 5));
  await gone(silent.resume());
  await sleep(600); // another sweep
  half.wire.send(packet.slice(5));
  expect(await half.next()).toEqual(["ECHO_RES hello"]);
  expect(siege.counters.stalledInput).toBe(1);
});

test("headers that declare 4 GiB get ERROR, and their bytes are discarded", async () => {
  await using siege = await Siege.begin();
  const peers = Array.from({ length: 200 }, () => siege.peer());
  const header = rawPacket("", { type: 7, size: 2 ** 32 - 1 }).toString("latin1");
  for (const { wire } of peers) wire.send(header + "x".repeat(10_000));
  for (const peer of peers)
    expect(await peer.next()).toEqual(["ERROR ARGUMENT_TOO_LARGE Packet is larger than this server accepts"]);
  expect([siege.counters.oversized, siege.now.inputBytes]).toEqual([200, 0]);
});

test("an oversized body is discarded to the byte, whatever it looks like", async () => {
  await using siege = await Siege.begin({ transport: limits({ maxPacketBytes: 1000 }) });
  const evil = `create function evil\n${request("SUBMIT_JOB_BG", "evil", "", "x").toString("latin1")}`.repeat(50);
  const stream = rawPacket(evil).toString("latin1");
  for (const size of [1, 11, 12, 13, 100, 1000, stream.length]) {
    const peer = siege.peer();
    for (let at = 0; at < stream.length; at += size) peer.wire.send(stream.slice(at, at + size));
    expect(await peer.ask("ECHO_REQ", "next")).toEqual([
      "ERROR ARGUMENT_TOO_LARGE Packet is larger than this server accepts",
      "ECHO_RES next",
    ]);
    expect((await peer.type("status")).join()).not.toContain("evil");
  }
});

test("a size smaller than the arguments: ERROR and the end, and nothing behind it is run", async () => {
  await using siege = await Siege.begin();
  for (const [type, body] of [
    [7, "evil\0u\0data"],
    [36, "evil\0u\x001\0data"],
    [12, "H:1\x001\x002"],
    [42 - 19, "evil\x00100"],
  ] as const) {
    const peer = siege.peer();
    peer.wire.send(`${rawPacket(body, { type, size: 3 }).toString("latin1")}create function evil\n`);
    await peer.wire.until(() => peer.wire.ended, 5000);
    expect(peer.take()).toEqual(["ERROR INVALID_PACKET Arguments are not as the packet's type needs them"]);
  }
  expect((await siege.peer().type("status")).join()).not.toContain("evil");
});

test("unfinished packets of all connections share a budget: who passes it gets ERROR, others are served", async () => {
  await using siege = await Siege.begin({ transport: limits({ maxInputBytes: 500_000 }) });
  const half = rawPacket("x".repeat(60_000), { size: 200_000 });
  const sockets = await Promise.all(Array.from({ length: 20 }, () => siege.connected()));
  for (const socket of sockets) socket.resume().write(half);
  await eventually(() => siege.counters.oversized >= 12, "packets are refused");
  expect(siege.now.inputBytes).toBeLessThanOrEqual(500_000);
  await siege.honest.served(3);
});

test("after a violation a peer that goes on sending is cut, though it makes progress", async () => {
  await using siege = await Siege.begin({ transport: limits({ outputTimeout: 200 }) });
  const socket = siege.dial({ allowHalfOpen: true });
  socket.resume().write(rawPacket("", { type: 99 }));
  const closed = gone(socket);
  const drip = setInterval(() => socket.write("x"), 20);
  await closed;
  clearInterval(drip);
  expect(siege.counters.stalledOutput).toBe(1);
});

test("a body whose second piece begins like TLS is a body", async () => {
  await using siege = await Siege.begin();
  const peer = siege.peer();
  peer.wire.send(rawPacket("", { size: 3 }).toString("latin1"));
  await eventually(() => siege.now.inputBytes === 12, "the header has come");
  peer.wire.send("\x16\x03\x01");
  expect(await peer.next()).toEqual(["ECHO_RES \x16\x03\x01"]);
});

test("when the server itself stood still, nobody is cut for it", async () => {
  await using siege = await Siege.begin({ transport: limits({ frameTimeout: 500 }) });
  const peer = siege.peer();
  const packet = request("ECHO_REQ", "hello").toString("latin1");
  peer.wire.send(packet.slice(0, 5));
  await eventually(() => siege.now.inputBytes === 5, "the first half has come");
  await setImmediate(); // after which timers come before input
  peer.wire.send(packet.slice(5));
  for (const end = performance.now() + 1500; performance.now() < end; );
  expect(await peer.next()).toEqual(["ECHO_RES hello"]);
  expect(siege.counters.stalledInput).toBe(0);
});
