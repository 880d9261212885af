import { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { expect, it } from "vitest";
import { DirectWriter } from "../../src/transport/direct-writes.ts";
import { SocketPair } from "../support/socket-pair.ts";

it("gives the kernel what it takes at once", async () => {
  await using pair = await SocketPair.open();
  const { made: writer, accepted: reader } = pair;
  const direct = new DirectWriter(writer);
  expect(direct.write([Buffer.from("one ")])).toBe(4);
  expect(direct.write([Buffer.from("and "), Buffer.from("two")])).toBe(7);
  writer.end();
  reader.resume();
  let text = "";
  for await (const bytes of reader) text += String(bytes);
  expect(text).toBe("one and two");
});

it("says how much that was, and nothing of what waits in the stream already", async () => {
  await using pair = await SocketPair.open();
  const { made: writer } = pair;
  const direct = new DirectWriter(writer);
  const bytes = Buffer.alloc(64 * 1024 ** 2);
  const taken = direct.write([bytes]);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(bytes.length);
  expect(direct.write([bytes])).toBe(0); // EAGAIN
  writer.write(bytes);
  expect(direct.write([bytes])).toBe(0);
});

it("leaves to the stream what has no descriptor, or is not to be written", async () => {
  await using pair = await SocketPair.open();
  const { made: writer } = pair;
  const direct = new DirectWriter(writer);
  expect(new DirectWriter(new Socket()).write([Buffer.from("x")])).toBe(0);
  const secret = new TLSSocket(new Socket());
  expect(new DirectWriter(secret).write([Buffer.from("x")])).toBe(0);
  secret.destroy();
  writer.destroy();
  expect(direct.write([Buffer.from("x")])).toBe(0);
});
