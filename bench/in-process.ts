/**
 * What a foreground job costs in the server's own code, without sockets: `npx tsx bench/in-process.ts [windows]`. Judge a change by the
 * least of the windows, which neighbours on the machine cannot lower.
 */

import { createServer } from "../src/index.ts";
import { deferred } from "../src/lib/waiting.ts";
import { HEADER_SIZE } from "../src/protocol/header.ts";
import { PACKETS } from "../src/protocol/packets.ts";
import type { Connection } from "../src/transport/connection.ts";
import { encode } from "../test/support/wire.ts";
import { count } from "./flags.ts";
import { options } from "./options.ts";

const [PEERS, DEPTH] = [16, 16];
const { windows } = options(
  "npx tsx bench/in-process.ts",
  { windows: count("windows", 600, "how often so many jobs are done") },
  "windows",
);
const workload = "x".repeat(100);
const submits = Buffer.from(encode("SUBMIT_JOB", ["f", "", workload]).repeat(DEPTH), "latin1");
const [grab, sleep] = [encode("GRAB_JOB", []), encode("PRE_SLEEP", [])];

const server = createServer();
let left = 0;
let done = deferred<void>();

function open(chunk: (bytes: Buffer, connection: Connection) => void): Connection {
  const connection = server.connect();
  connection.open({ chunk: (bytes) => chunk(bytes, connection), end: () => {}, close: () => {} });
  return connection;
}

const send = (connection: Connection, packets: string): void =>
  void connection.write([Buffer.from(packets, "latin1")], () => {});

/** Does what it is given, and sleeps when there is nothing. What comes is whole packets. */
function work(bytes: Buffer, worker: Connection): void {
  for (let at = 0; at < bytes.length; at += HEADER_SIZE + bytes.readUInt32BE(at + 8)) {
    const type = bytes.readUInt32BE(at + 4);
    if (type === PACKETS.NOOP.type) send(worker, grab);
    if (type === PACKETS.NO_JOB.type) send(worker, sleep);
    if (type === PACKETS.JOB_ASSIGN.type) complete(bytes.subarray(at + HEADER_SIZE), worker);
  }
}

function complete(assignment: Buffer, worker: Connection): void {
  const handle = assignment.toString("latin1", 0, assignment.indexOf(0));
  send(worker, encode("WORK_COMPLETE", [handle, workload]) + grab);
  if (--left === 0) done.resolve();
}

const clients = Array.from({ length: PEERS }, () => open(() => {}));
const workers = Array.from({ length: PEERS }, () => open(work));
for (const worker of workers) send(worker, encode("CAN_DO", ["f"]) + sleep);

/** Nanoseconds a job. */
async function window(): Promise<number> {
  left = PEERS * DEPTH;
  done = deferred();
  const began = performance.now();
  for (const client of clients) client.write([submits], () => {});
  await done.promise;
  return ((performance.now() - began) * 1e6) / (PEERS * DEPTH);
}

const times: number[] = [];
for (let nth = 0; nth < windows; nth++) times.push(await window());
times.sort((a, b) => a - b);
const at = (part: number): string => (times[Math.floor(times.length * part)] ?? 0).toFixed(0);
console.log(`ns for a job, with what plays the peers: least ${at(0)}, median ${at(0.5)}, 99 of 100 below ${at(0.99)}`);
await server.stop();
