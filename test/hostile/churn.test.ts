import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { eventually, gone, request, Siege, work } from "../support/hostile-peers.ts";
import { encode } from "../support/wire.ts";

test("a new connection for each job, 2,000 of them, as PHP does", async () => {
  await using siege = await Siege.begin();
  const worker = siege.peer().wire;
  const working = work(worker, "f");
  const before = siege.counters.accepted;
  const oneJob = async (load: string): Promise<void> => {
    const socket = siege.dial();
    socket.write(request("OPTION_REQ", "exceptions"));
    socket.write(request("SUBMIT_JOB", "f", "", load));
    let answer = "";
    while (!answer.endsWith(`<${load}>`)) answer += String((await once(socket, "data"))[0]);
    socket.destroy();
  };
  for (let round = 0; round < 100; round++)
    await Promise.all(Array.from({ length: 20 }, (_, index) => oneJob(`${round}-${index}`)));
  expect(siege.counters.accepted - before).toBeGreaterThanOrEqual(2000);
  await eventually(() => siege.now.connections === 3, "they are gone");
  expect(siege.server.stats().jobs.abandoned).toBe(0);
  worker.destroy();
  await working;
}, 60_000);

/** Numbers that are the same for the same seed (Park and Miller). */
function randomly(seed: number): (below: number) => number {
  let state = seed % 2147483647 || 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

test("connections reset at random points of many conversations: no acknowledged job is lost, nothing is left behind", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
  console.log(`resets: SEED=${seed}`);
  const random = randomly(seed);
  await using siege = await Siege.begin();
  const acknowledged = new Set<string>();
  const big = "x".repeat(100_000);

  const conversation = (id: number): Buffer => {
    const load = random(4) === 0 ? big : "x";
    const parts = [
      encode("SUBMIT_JOB_BG", ["kept", `k${id}`, `kept ${id}`]),
      encode("CAN_DO", ["shared"]) + encode("GRAB_JOB_UNIQ", []),
      encode("SUBMIT_JOB", ["shared", random(3) === 0 ? "same" : "", load]),
      encode("PRE_SLEEP", []),
      encode("ECHO_REQ", [load]),
      "status\nworkers\n",
      encode("SUBMIT_JOB_BG", ["kept", `m${id}`, `kept ${id}`]),
      encode("GRAB_JOB_ALL", []),
      encode("CAN_DO_TIMEOUT", ["other", "1000"]),
      encode("SUBMIT_JOB_HIGH", ["other", "", "y"]),
    ];
    return Buffer.from(parts.slice(0, 2 + random(parts.length)).join(""), "latin1");
  };

  const attack = async (id: number): Promise<void> => {
    const socket = siege.dial();
    const bytes = conversation(id);
    const until = random(bytes.length + 1);
    let answer = "";
    let created = 0;
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
    });
    await once(socket, "connect");
    const closed = gone(socket);
    socket.write(bytes.subarray(0, until));
    if (random(2) === 0) await Promise.race([once(socket, "data").catch(() => {}), sleep(20)]);
    if (random(3) === 0) socket.end();
    else if (random(2) === 0) socket.resetAndDestroy();
    else socket.destroy();
    await closed;
    // The first JOB_CREATED of a conversation answers its first packet.
    for (const at = answer.indexOf("\0RES\0\0\0\x08"); at === 0 && created === 0; created++) acknowledged.add(`k${id}`);
  };
  for (let round = 0; round < 40; round++)
    await Promise.all(Array.from({ length: 25 }, (_, index) => attack(round * 25 + index)));
  await eventually(() => siege.now.connections === 2, "they are gone");

  // What was acknowledged is there, exactly once, and nothing runs on behalf of the dead.
  const admin = siege.peer();
  const uniques = (await admin.type("show unique jobs")).join("").split("\n");
  expect(acknowledged.size).toBeGreaterThan(50);
  for (const unique of acknowledged)
    expect([unique, uniques.filter((each) => each === unique).length]).toEqual([unique, 1]);
  expect(await admin.type("drop function kept")).toEqual(["OK\r\n"]);
  await siege.honest.stop();
  await eventually(() => siege.now.connections === 1, "the honest are gone");
  expect(siege.now).toMatchObject({ jobs: 0, jobBytes: 0, running: 0, runnable: 0, delayed: 0, heldGrabs: 0 });
}, 60_000);

test("sockets that vanish while they are written to raise nothing", async () => {
  await using siege = await Siege.begin();
  for (let round = 0; round < 20; round++) {
    const sockets = await Promise.all(Array.from({ length: 10 }, () => siege.connected()));
    for (const socket of sockets) {
      socket.write(request("ECHO_REQ", "x".repeat(3_000_000)));
      socket.once("readable", () => socket.resetAndDestroy());
    }
    await Promise.all(sockets.map(gone));
  }
  await eventually(() => siege.now.connections === 2, "they are gone");
}, 60_000);
