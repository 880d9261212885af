import { describe, expect, it } from "vitest";
import { type Event, Feed, rawPacket, WIDE } from "../support/codec-stream.ts";

const body = Buffer.alloc(200_000, "0123456789").toString("latin1");
const packet = rawPacket(body);
const whole: Event = { kind: "request", type: 16, body };
const echo = rawPacket("next");
const next: Event = { kind: "request", type: 16, body: "next" };

/** Puts bytes where the reader wants them for as long as it wants any; returns those that are left. */
function fill({ reader }: Feed, bytes: Buffer): Buffer {
  let left = bytes;
  for (let room = reader.room(); room !== undefined && left.length > 0; room = reader.room()) {
    const size = left.copy(room);
    left = left.subarray(size);
    reader.filled(size);
  }
  return left;
}

describe("the rest of a large packet, put in its place", () => {
  it.each([16_384, 65_536, 150_000])("after %s bytes", (size) => {
    const feed = new Feed().push(packet.subarray(0, size));
    const left = fill(feed, packet.subarray(size));
    expect(feed.push(left).push(echo).events).toEqual([whole, next]);
    expect(feed.budget.held).toBe(0);
  });

  it("in several reads", () => {
    const feed = new Feed().push(packet.subarray(0, 50_000));
    for (let at = 50_000; at < packet.length; at += 30_000) {
      const room = feed.reader.room();
      if (room === undefined) feed.push(packet.subarray(at, at + 30_000));
      else feed.reader.filled(packet.copy(room, 0, at, at + 30_000));
    }
    expect([feed.events, feed.budget.held]).toEqual([[whole], 0]);
  });

  it("to its end, and nothing of what follows it", () => {
    const feed = new Feed().push(packet.subarray(0, 100_000));
    expect(fill(feed, Buffer.concat([packet.subarray(100_000), echo]))).toEqual(echo);
    expect(feed.events).toEqual([whole]);
  });

  it("is asked for in pieces that are worth a read", () => {
    const roomAfter = (size: number): number => new Feed().push(packet.subarray(0, size)).reader.room()?.length ?? 0;
    expect([13, 16_383, 16_384, 65_536].map(roomAfter)).toEqual([0, 0, 200_012 - 16_384, 200_012 - 65_536]);
    const large = new Feed({ ...WIDE, maxBody: 2 ** 30 }).push(rawPacket("x".repeat(20_000), { size: 2 ** 29 }));
    expect(large.reader.room()?.length).toBeGreaterThanOrEqual(65_536);
  });

  it("is asked for of none that is small, has not begun, or is no packet", () => {
    const missing = (size: number): Buffer | undefined =>
      new Feed().push(packet.subarray(0, packet.length - size)).reader.room();
    expect(new Feed().reader.room()).toBeUndefined();
    expect(missing(16_383)).toBeUndefined();
    expect(missing(16_384)).toHaveLength(16_384);
    expect(new Feed().push(Buffer.from("status")).reader.room()).toBeUndefined();
  });

  it("is refused when it passes the budget, and what follows is read", () => {
    const feed = new Feed({ ...WIDE, maxHeld: 120_000 }).push(packet.subarray(0, 100_000));
    const left = fill(feed, packet.subarray(100_000));
    expect([feed.budget.held, feed.events]).toEqual([0, [{ kind: "refused", why: "inputFull" }]]);
    expect(feed.push(left).push(echo).events.at(-1)).toEqual(next);
  });

  it("is for nobody once the reader has stopped", () => {
    const feed = new Feed().push(packet.subarray(0, 100_000));
    feed.reader.stop();
    feed.reader.filled(100);
    expect([feed.reader.room(), feed.budget.held, feed.events]).toEqual([undefined, 0, []]);
  });
});
