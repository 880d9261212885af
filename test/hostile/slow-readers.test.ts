import { expect, test } from "vitest";
import { createServer } from "../../src/index.ts";
import type { Connection } from "../../src/transport/connection.ts";
import { eventually, gone, limits, request, Siege } from "../support/hostile-peers.ts";

const MiB = 1024 ** 2;

/** Writes the packet again and again, as fast as the server reads. */
function flood(socket: ReturnType<Siege["dial"]>, packet: Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(packet));
  };
  socket.on("drain", more);
  more();
}

test("who floods with ECHO and reads nothing is no longer read from, then cut", async () => {
  await using siege = await Siege.begin({ transport: limits({ outputTimeout: 300 }) });
  const sockets = await Promise.all(Array.from({ length: 10 }, () => siege.connected()));
  const closed = sockets.map(gone);
  for (const socket of sockets) flood(socket, request("ECHO_REQ", "x".repeat(64 * 1024)));
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, siege.now.outputBytes);
  }, 5);
  await Promise.all(closed);
  clearInterval(watch);
  expect(siege.counters.stalledOutput).toBe(10);
  expect(most).toBeLessThan(10 * 1.3 * MiB);
});

test("who reads slowly but steadily is answered in full", async () => {
  await using siege = await Siege.begin({ transport: limits({ outputTimeout: 2000, outputSoftBytes: 100_000 }) });
  const socket = await siege.connected();
  const [count, packet] = [15, request("ECHO_REQ", "x".repeat(MiB))];
  let read = 0;
  socket.on("data", (bytes: Buffer) => {
    read += bytes.length;
    socket.pause();
    setTimeout(() => socket.resume(), 1);
  });
  for (let sent = 0; sent < count; sent++) socket.write(packet);
  await eventually(() => read === count * packet.length, "all is answered");
  expect(siege.counters.stalledOutput).toBe(0);
});

test("results for clients that read nothing: the worker is not held up, they are cut", async () => {
  await using siege = await Siege.begin({ transport: limits({ outputTimeout: 300 }) });
  const worker = siege.peer();
  await worker.ask("CAN_DO", "f");
  const clients = await Promise.all(Array.from({ length: 5 }, () => siege.connected()));
  for (const client of clients) for (let job = 0; job < 3; job++) client.write(request("SUBMIT_JOB", "f", "", "go"));
  await eventually(() => siege.now.jobs >= 15, "the jobs are there");
  for (let job = 0; job < 15; job++) {
    const [assigned = ""] = await worker.ask("GRAB_JOB");
    worker.wire.send(request("WORK_COMPLETE", assigned.split(" ")[1] ?? "", "x".repeat(4 * MiB)).toString("latin1"));
    expect(await worker.heard()).toEqual([]);
  }
  await eventually(() => siege.counters.stalledOutput === 5, "they are cut");
  expect(siege.server.stats().jobs.completed).toBeGreaterThanOrEqual(15);
});

/** A connection in memory that reads nothing, so that all its output waits in the server. */
function deafTo(connection: Connection) {
  const state = { closed: false };
  connection.open({ chunk: () => {}, end: () => {}, close: () => (state.closed = true) });
  connection.pause();
  const send = (...packets: Buffer[]): boolean => connection.write(packets, () => {});
  return { state, send, close: () => connection.destroy() };
}

/** A deaf client whose job a worker runs. */
async function deafClient(siege: Siege) {
  const { state, send } = deafTo(siege.server.connect());
  const worker = siege.peer();
  send(request("SUBMIT_JOB", "f", "", "go"));
  await worker.ask("CAN_DO", "f");
  const [, handle = ""] = (await worker.ask("GRAB_JOB")).join().split(" ");
  return { state, send, worker, handle };
}

test("over the soft limit nothing more is read, not even whole packets that come one by one", async () => {
  await using siege = await Siege.begin({ transport: limits({ outputSoftBytes: 100_000 }) });
  const { send, close } = deafTo(siege.server.connect());
  for (let count = 0; count < 100; count++) send(request("ECHO_REQ", "x".repeat(10_000)));
  await siege.honest.served(20);
  expect(siege.now.outputBytes).toBeGreaterThan(100_000);
  expect(siege.now.outputBytes).toBeLessThan(120_000);
  close();
});

test("output over the hard limit: cut at once", async () => {
  await using siege = await Siege.begin({ transport: limits({ outputHardBytes: MiB }) });
  const { state, worker, handle } = await deafClient(siege);
  for (let parts = 0; parts < 30; parts++) await worker.ask("WORK_DATA", handle, "x".repeat(50_000));
  await eventually(() => state.closed, "the client is cut");
  expect(siege.counters.outputLimit).toBe(1);
  expect(siege.now.outputBytes).toBeLessThan(1000);
});

test("one packet that is for a client very often: what is over the hard limit is never put into memory", async () => {
  await using siege = await Siege.begin({ transport: limits({ outputHardBytes: MiB }) });
  const { state, send, worker, handle } = await deafClient(siege);
  for (let joined = 0; joined < 5000; joined++) send(request("SUBMIT_JOB", "f", "same", "go"));
  await eventually(() => siege.server.stats().jobs.coalesced === 4999, "it waits very often");
  const before = process.memoryUsage().arrayBuffers;
  const end = request("WORK_COMPLETE", handle, "");
  worker.wire.send(Buffer.concat([end, request("GRAB_JOB")]).toString("latin1"));
  const [, next = ""] = (await worker.heard()).join().split(" ");
  worker.wire.send(request("WORK_DATA", next, "x".repeat(10_000)).toString("latin1"));
  await eventually(() => state.closed, "the client is cut");
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5 * MiB);
  expect(siege.counters.outputLimit).toBe(1);
});

test("small packets count with what they cost", async () => {
  await using siege = await Siege.begin({ transport: limits({ outputHardBytes: 128 * 1024 }) });
  const { state, worker, handle } = await deafClient(siege);
  worker.wire.send(request("WORK_STATUS", handle, "1", "2").toString("latin1").repeat(7000));
  await eventually(() => state.closed, "the client is cut");
});

test("all output together over its limit: who holds most is cut, though nobody is over the soft limit", async () => {
  await using siege = await Siege.begin({ transport: limits({ outputSoftBytes: MiB, maxOutputBytes: 4 * MiB }) });
  const deaf = Array.from({ length: 20 }, (_, index) => {
    const client = deafTo(siege.server.connect());
    client.send(request("ECHO_REQ", "x".repeat(700_000 + index)));
    return client;
  });
  await eventually(() => siege.counters.outputLimit >= 15, "clients are cut");
  expect(siege.now.outputBytes).toBeLessThanOrEqual(4 * MiB);
  const cut = (): number => deaf.filter(({ state }) => state.closed).length;
  await eventually(() => cut() === siege.counters.outputLimit, "those are cut and no others");
  expect(siege.now.outputBytes).toBeGreaterThan((20 - cut()) * 700_000);
  for (const { close } of deaf) close();
});

test("a connection that is cut by the answer to a held grab does nothing more", async () => {
  const server = createServer({ listen: [], drainTimeout: 50, transport: limits({ outputHardBytes: 330 }) });
  const { state, send } = deafTo(server.connect());
  send(request("CAN_DO", "f"), request("SUBMIT_JOB_BG", "f", "", "job"));
  send(request("GRAB_JOB"));
  await eventually(() => server.stats().now.running === 1, "the job runs");
  send(
    request("WORK_COMPLETE", "H:localhost:1", ""),
    request("GRAB_JOB"),
    request("SUBMIT_JOB", "g", "", "nobody waits"),
  );
  await eventually(() => state.closed, "it is cut");
  expect(server.stats().now).toMatchObject({ jobs: 0, connections: 0, outputBytes: 0 });
  await server.stop();
});
