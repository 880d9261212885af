import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServer, type Server } from "../../src/index.ts";
import { ConnectionStream } from "../support/connection-stream.ts";
import { overwriteChunks } from "../support/hostile-overwrite.ts";
import { limits } from "../support/hostile-peers.ts";
import { Peer } from "../support/server-harness.ts";
import { encode, Wire } from "../support/wire.ts";
import { memory } from "../wire/memory-target.ts";
import { playAll } from "../wire/suite.ts";

let undo = (): void => {};
beforeAll(() => {
  undo = overwriteChunks();
});
afterAll(() => undo());

describe("the transcripts, each chunk overwritten after its dispatch", () => playAll(memory));

describe("what outlives its chunk", () => {
  const connect = (server: Server): Peer => new Peer(new Wire(new ConnectionStream(server.connect())));
  /** Bytes that tell where they belong. */
  const load = (name: string, size: number): string => `${name}:`.repeat(size).slice(0, size);
  const sizes = [0, 1, 50, 4095, 4096, 5000, 70_000, 300_000];

  it.each([1, 2, 1000, 65_536, 1_000_000])("workloads and results, sent in pieces of %i bytes", async (piece) => {
    const server = createServer({ listen: [], drainTimeout: 10 });
    const [client, worker] = [connect(server), connect(server)];
    const send = (peer: Peer, bytes: string): void => {
      // Large ones in single bytes would take long and show no more.
      const step = bytes.length > 5000 ? Math.max(piece, 1000) : piece;
      for (let at = 0; at < bytes.length; at += step) peer.wire.send(bytes.slice(at, at + step));
    };
    await worker.ask("CAN_DO", "f");
    for (const size of sizes)
      send(client, encode("SUBMIT_JOB", ["f", load(`unique ${size}`, Math.min(size, 60)), load("load", size)]));
    expect(await client.heard()).toEqual(sizes.map((_, index) => `JOB_CREATED H:localhost:${index + 1}`));
    for (const [index, size] of sizes.entries()) {
      const handle = `H:localhost:${index + 1}`;
      const unique = load(`unique ${size}`, Math.min(size, 60));
      expect(await worker.ask("GRAB_JOB_UNIQ")).toEqual([
        `JOB_ASSIGN_UNIQ ${handle} f ${unique} ${load("load", size)}`,
      ]);
      send(
        worker,
        encode("WORK_DATA", [handle, load("data", size)]) + encode("WORK_COMPLETE", [handle, load("result", size)]),
      );
      await worker.heard();
      expect(await client.next(2)).toEqual([
        `WORK_DATA ${handle} ${load("data", size)}`,
        `WORK_COMPLETE ${handle} ${load("result", size)}`,
      ]);
    }
    await server.stop();
  });

  it.each(["each request in its chunk", "all requests in one chunk"])(
    "answers that wait for a slow reader, %s",
    async (how) => {
      const server = createServer({ listen: [], drainTimeout: 10, transport: limits({ outputSoftBytes: 10_000 }) });
      const connection = server.connect();
      let heard = "";
      connection.open({
        chunk: (bytes) => {
          heard += bytes.toString("latin1");
        },
        end: () => {},
        close: () => {},
      });
      connection.pause();
      const echoes = [...sizes, ...sizes].map((size, index) => load(`echo ${index}`, size));
      const requests = echoes.map((echo) => Buffer.from(encode("ECHO_REQ", [echo]), "latin1"));
      const writes = how.startsWith("each") ? requests : [Buffer.concat(requests)];
      for (const write of writes) connection.write([write], () => {});
      // Others use the buffer meanwhile.
      const other = connect(server);
      for (const size of sizes) await other.ask("ECHO_REQ", load("other", size));
      const expected = echoes.map((echo) => encode("ECHO_RES", [echo], "RES")).join("");
      const answered = new Promise<void>((resolve) => {
        const look = (): void => (heard.length >= expected.length ? resolve() : void setImmediate(look));
        look();
      });
      connection.resume();
      await answered;
      expect(heard === expected).toBe(true);
      connection.destroy();
      await server.stop();
    },
  );
});
