import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, expect, test } from "vitest";
import type { PacketName } from "../../src/protocol/packets.ts";
import { createServer } from "../../src/server/server.ts";
import { Certificates, clientFiles } from "../support/hostile-certificates.ts";
import { encode, Wire } from "../support/wire.ts";

const PATIENCE = 15_000;
const JOBS = 2000;

const certificates = new Certificates();
afterAll(() => certificates.remove());

/** A connection over TLS to a server of its own in this process. */
async function overTls() {
  const tls = { ...certificates.server, ca: undefined, verifyClient: false };
  const server = createServer({ listen: [{ host: "127.0.0.1", port: 0 }], tls, drainTimeout: 50 });
  const [bound] = await server.start();
  const port = bound !== undefined && "port" in bound ? bound.port : 0;
  const socket = connect({ host: "127.0.0.1", port, ...clientFiles(undefined, certificates.ca) });
  await once(socket, "secureConnect");
  const wire = new Wire(socket);
  const stop = async (): Promise<void> => {
    wire.destroy();
    await server.stop();
  };
  return { wire, [Symbol.asyncDispose]: stop };
}

/** The arguments of the next so many packets, which are all of that name. */
async function next(wire: Wire, name: PacketName, count: number): Promise<(readonly string[])[]> {
  await wire.until(() => wire.events.length >= count || wire.ended, PATIENCE);
  const events = wire.events.splice(0, count);
  expect(events.length).toBe(count);
  return events.map((event) => (event.kind === "packet" && event.name === name ? event.args : expect.unreachable()));
}

/** 3,000 bytes that no two jobs share. */
const workload = (nth: number): string => `${nth},`.repeat(3000).slice(0, 3000);

test("many large jobs at once over one TLS connection: each has its own result, to the byte", async () => {
  // So many that the server pauses the connection now and then; a TLS socket goes on for a while.
  await using context = await overTls();
  const { wire } = context;
  const all = Array.from({ length: JOBS }, (_, nth) => workload(nth));
  wire.send(encode("CAN_DO", ["f"]) + all.map((text) => encode("SUBMIT_JOB", ["f", "", text])).join(""));
  const created = await next(wire, "JOB_CREATED", JOBS);
  wire.send(encode("GRAB_JOB", []).repeat(JOBS));
  const assigned = await next(wire, "JOB_ASSIGN", JOBS);
  wire.send(assigned.map(([handle = "", , text = ""]) => encode("WORK_COMPLETE", [handle, text])).join(""));
  const completed = await next(wire, "WORK_COMPLETE", JOBS);
  const results = new Map(completed.map(([handle, text]) => [handle, text]));
  expect(created.filter(([handle], nth) => results.get(handle) === all[nth]).length).toBe(JOBS);
}, 30_000);
