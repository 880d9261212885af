import { once } from "node:events";
import { connect, createServer, type Server, Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { deferred } from "../../src/lib/waiting.ts";
import { shareReads } from "../../src/transport/shared-reads.ts";

let server: Server;
let client: Socket;
let accepted: Socket;

beforeEach(async () => {
  server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const connection = once(server, "connection");
  const address = server.address();
  client = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
  [accepted] = await connection;
});

afterEach(async () => {
  client.destroy();
  accepted.destroy();
  server.close();
  await once(server, "close");
});

it("brings what came in memory that the next read writes over", async () => {
  const chunks: { bytes: Buffer; text: string }[] = [];
  const came = deferred<void>();
  const shared = shareReads(accepted, (bytes) => {
    chunks.push({ bytes, text: bytes.toString() });
    if (chunks.length === 1) client.write("second");
    else came.resolve();
  });
  expect(shared).toBe(true);
  client.write("first!");
  await came.promise;
  expect(chunks.map(({ text }) => text)).toEqual(["first!", "second"]);
  expect(chunks.map(({ bytes }) => bytes.toString())).toEqual(["second", "second"]);
});

it("tells the end, and lets the other half be used", async () => {
  shareReads(accepted, () => {});
  client.end("all");
  await once(accepted, "end");
  accepted.end("answer");
  const [answer] = await once(client, "data");
  expect(String(answer)).toBe("answer");
});

it("reads nothing while it is paused, and all of it later", async () => {
  let size = 0;
  const all = deferred<void>();
  shareReads(accepted, (bytes) => {
    size += bytes.length;
    if (size === 3_000_000) all.resolve();
    accepted.pause();
    setImmediate(() => {
      expect(accepted.isPaused()).toBe(true);
      accepted.resume();
    });
  });
  client.write(Buffer.alloc(3_000_000));
  await all.promise;
});

it("is refused by a socket without the parts it needs", () => {
  expect(shareReads(new Socket(), () => {})).toBe(false);
  const parts = Object.getOwnPropertySymbols(accepted).filter(({ description }) => description === "kBuffer");
  for (const part of parts) Reflect.deleteProperty(accepted, part);
  expect(parts).toHaveLength(1);
  expect(shareReads(accepted, () => {})).toBe(false);
});
