import { once } from "node:events";
import { Socket } from "node:net";
import { expect, it } from "vitest";
import { deferred } from "../../src/lib/waiting.ts";
import { shareReads } from "../../src/transport/shared-reads.ts";
import { SocketPair } from "../support/socket-pair.ts";

it("brings what came in memory that the next read writes over", async () => {
  await using pair = await SocketPair.open();
  const { made: client, accepted } = pair;
  const chunks: { bytes: Buffer; text: string }[] = [];
  const came = deferred<void>();
  const shared = shareReads(accepted, {
    chunk: (bytes) => {
      chunks.push({ bytes, text: bytes.toString() });
      if (chunks.length === 1) client.write("second");
      else came.resolve();
    },
  });
  expect(shared).toBe(true);
  client.write("first!");
  await came.promise;
  expect(chunks.map(({ text }) => text)).toEqual(["first!", "second"]);
  expect(chunks.map(({ bytes }) => bytes.toString())).toEqual(["second", "second"]);
});

it("tells the end, and lets the other half be used", async () => {
  await using pair = await SocketPair.open();
  const { made: client, accepted } = pair;
  shareReads(accepted, { chunk: () => {} });
  client.end("all");
  await once(accepted, "end");
  accepted.end("answer");
  const [answer] = await once(client, "data");
  expect(String(answer)).toBe("answer");
});

it("reads nothing while it is paused, and all of it later", async () => {
  await using pair = await SocketPair.open();
  const { made: client, accepted } = pair;
  let size = 0;
  const all = deferred<void>();
  shareReads(accepted, {
    chunk: (bytes) => {
      size += bytes.length;
      if (size === 3_000_000) all.resolve();
      accepted.pause();
      setImmediate(() => {
        expect(accepted.isPaused()).toBe(true);
        accepted.resume();
      });
    },
  });
  client.write(Buffer.alloc(3_000_000));
  await all.promise;
});

it("is refused by a socket without the parts it needs", async () => {
  await using pair = await SocketPair.open();
  const { accepted } = pair;
  expect(shareReads(new Socket(), { chunk: () => {} })).toBe(false);
  const parts = Object.getOwnPropertySymbols(accepted).filter(({ description }) => description === "kBuffer");
  for (const part of parts) Reflect.deleteProperty(accepted, part);
  expect(parts).toHaveLength(1);
  expect(shareReads(accepted, { chunk: () => {} })).toBe(false);
});

it("is refused by a socket that has read something already", async () => {
  await using pair = await SocketPair.open();
  const { made: client, accepted } = pair;
  accepted.once("readable", () => {});
  client.write("early");
  await once(accepted, "readable");
  expect(shareReads(accepted, { chunk: () => {} })).toBe(false);
  expect(String(accepted.read())).toBe("early");
});

it("brings the next bytes where they are wanted", async () => {
  await using pair = await SocketPair.open();
  const { made: client, accepted } = pair;
  const place = Buffer.alloc(5);
  const came: string[] = [];
  const ended = once(accepted, "end");
  shareReads(accepted, {
    chunk: (bytes) => came.push(`chunk ${bytes}`),
    room: () => (came.length === 1 ? place : undefined),
    filled: (size) => came.push(`place ${place.subarray(0, size)}`),
  });
  client.write("first");
  await expect.poll(() => came.length).toBe(1);
  client.end("second");
  await ended;
  expect(came).toEqual(["chunk first", "place secon", "chunk d"]);
});
