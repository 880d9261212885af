import { once } from "node:events";
import { connect, createServer, type Server, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeNow } from "../../src/transport/direct-writes.ts";

let server: Server;
let reader: Socket;
let writer: Socket;

beforeEach(async () => {
  server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const connection = once(server, "connection");
  const address = server.address();
  writer = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
  [reader] = await connection;
});

afterEach(async () => {
  writer.destroy();
  reader.destroy();
  server.close();
  await once(server, "close");
});

it("gives the kernel what it takes at once", async () => {
  expect(writeNow(writer, [Buffer.from("one ")])).toBe(4);
  expect(writeNow(writer, [Buffer.from("and "), Buffer.from("two")])).toBe(7);
  writer.end();
  reader.resume();
  let text = "";
  for await (const bytes of reader) text += String(bytes);
  expect(text).toBe("one and two");
});

it("says how much that was, and nothing of what waits in the stream already", () => {
  const bytes = Buffer.alloc(64 * 1024 ** 2);
  const taken = writeNow(writer, [bytes]);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(bytes.length);
  expect(writeNow(writer, [bytes])).toBe(0); // EAGAIN
  writer.write(bytes);
  expect(writeNow(writer, [bytes])).toBe(0);
});

it("leaves to the stream what has no descriptor, or is not to be written", () => {
  expect(writeNow(new Socket(), [Buffer.from("x")])).toBe(0);
  const secret = new TLSSocket(new Socket());
  expect(writeNow(secret, [Buffer.from("x")])).toBe(0);
  secret.destroy();
  writer.destroy();
  expect(writeNow(writer, [Buffer.from("x")])).toBe(0);
});
