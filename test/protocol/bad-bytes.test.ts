import { describe, expect, it } from "vitest";
import { type Bounds, type Event, eventsOf, Feed, rawPacket, WIDE } from "../support/codec-stream.ts";

const echo = rawPacket("hi");
const echoed: Event = { kind: "request", type: 16, body: "hi" };
const line = (text: string): Event => ({ kind: "line", text });
const violation = (why: string): Event => ({ kind: "violation", why });
const refused = (why: string): Event => ({ kind: "refused", why });
const text = (bytes: string): Buffer => Buffer.from(bytes, "latin1");
const x = (count: number): string => "x".repeat(count);

/** Title, bytes, events. Each is read whole and byte by byte, between two echoes. */
const table: [string, Buffer, readonly Event[], "ends"?][] = [
  ["another magic", rawPacket("hi", { magic: "\0REX" }), [violation("bad magic")], "ends"],
  ["a magic in lower case", rawPacket("hi", { magic: "\0req" }), [violation("bad magic")], "ends"],
  ["NULs", Buffer.alloc(12), [violation("bad magic")], "ends"],
  ["type 0", rawPacket("", { type: 0 }), [violation("unknown packet type")], "ends"],
  ["type 43", rawPacket("", { type: 43 }), [violation("unknown packet type")], "ends"],
  ["a type in the second byte", rawPacket("", { type: 0x107 }), [violation("unknown packet type")], "ends"],
  ["a type with the top bit", rawPacket("", { type: 0x80000010 }), [violation("unknown packet type")], "ends"],
  ["the largest type", rawPacket("", { type: 0xffffffff }), [violation("unknown packet type")], "ends"],
  ["type 42", rawPacket("", { type: 42 }), [{ kind: "request", type: 42, body: "" }]],
  ["the magic of a response", rawPacket("x", { magic: "\0RES" }), [{ kind: "response", type: 16, body: "x" }]],
  ["a body of the limit", rawPacket(x(100)), [{ kind: "request", type: 16, body: x(100) }]],
  ["a body over the limit, discarded to the byte", rawPacket(x(101)), [refused("packetTooLarge")]],
  ["a refused body of packets and lines", rawPacket(`status\n${x(100)}`), [refused("packetTooLarge")]],
  [
    "a type that is wrong and a size too large",
    rawPacket("", { type: 43, size: 2 ** 32 - 1 }),
    [violation("unknown packet type")],
    "ends",
  ],
  ["an empty line", text("\n"), [line("")]],
  ["CRLF", text("\r\n"), [line("\r")]],
  ["CR alone is not the end of a line", text("a\rb\n"), [line("a\rb")]],
  ["a NUL within a line", text("status\0\n"), [line("status\0")]],
  ["a line of 8191 bytes", text(`${x(8191)}\n`), [line(x(8191))]],
  ["a line of 8192 bytes", text(`${x(8192)}\n`), [violation("line too long")], "ends"],
  ["8192 bytes without a line's end", text(x(8192)), [violation("line too long")], "ends"],
  ["bytes above 127", text("\x80\xff\n"), [line("\x80\xff")]],
];

describe.each(table)("%s", (_title, bytes, events, ends) => {
  const bounds: Bounds = { maxBody: 100, maxHeld: 1024 ** 2 };
  const expected = [echoed, ...events, ...(ends === undefined ? [echoed] : [])];
  const stream = Buffer.concat([echo, bytes, echo]);

  it("whole", () => expect(eventsOf([stream], bounds)).toEqual(expected));
  it("byte by byte", () =>
    expect(
      eventsOf(
        Array.from(stream, (byte) => Buffer.of(byte)),
        bounds,
      ),
    ).toEqual(expected));
});

describe("a message that is not complete", () => {
  it.each([
    ["nothing", "", false],
    ["a lone NUL", "\0", true],
    ["a header without its last byte", echo.toString("latin1").slice(0, 11), true],
    ["a header", echo.toString("latin1").slice(0, 12), true],
    ["a packet", echo.toString("latin1"), false],
    ["a line without its end", "status", true],
    ["a line", "status\n", false],
    ["a refused packet without its last byte", rawPacket(x(101)).toString("latin1").slice(0, -1), true],
    ["a refused packet", rawPacket(x(101)).toString("latin1"), false],
  ])("%s", (_title, bytes, mid) => {
    const feed = new Feed({ maxBody: 100, maxHeld: 1024 }).push(text(bytes));
    expect(feed.reader.midMessage).toBe(mid);
  });
});

describe("the budget of unfinished bytes", () => {
  it("counts what is held, and gets it back with the end of the message", () => {
    const feed = new Feed().push(rawPacket(x(1000), { size: 5000 }));
    expect(feed.budget.held).toBe(1012);
    feed.push(text(x(3999)));
    expect([feed.budget.held, feed.events]).toEqual([5011, []]);
    feed.push(text("x"));
    expect([feed.budget.held, feed.events]).toEqual([0, [{ kind: "request", type: 16, body: x(5000) }]]);
  });

  it("refuses the packet that passes it, and discards it to the byte", () => {
    const feed = new Feed({ ...WIDE, maxHeld: 600 }).push(rawPacket(x(500), { size: 1000 }));
    feed.push(text(x(100)));
    expect([feed.budget.held, feed.events, feed.reader.midMessage]).toEqual([0, [refused("inputFull")], true]);
    feed.push(text(x(400))).push(echo);
    expect(feed.events).toEqual([refused("inputFull"), echoed]);
  });

  it("refuses a packet whose last bytes pass it: nothing is left to discard", () => {
    const feed = new Feed({ ...WIDE, maxHeld: 600 }).push(rawPacket(x(500), { size: 700 }));
    feed.push(Buffer.concat([text(x(200)), echo]));
    expect([feed.events, feed.reader.midMessage]).toEqual([[refused("inputFull"), echoed], false]);
  });

  it("refuses a packet whose first bytes pass it", () => {
    const feed = new Feed({ ...WIDE, maxHeld: 600 }).push(rawPacket(x(700), { size: 800 }));
    expect([feed.budget.held, feed.events]).toEqual([0, [refused("inputFull")]]);
    feed.push(Buffer.concat([text(x(100)), echo]));
    expect(feed.events).toEqual([refused("inputFull"), echoed]);
  });

  it("ends the connection whose line passes it", () => {
    const feed = new Feed({ ...WIDE, maxHeld: 300 }).push(text(x(290)));
    feed.push(text(`${x(20)}\n`)).push(echo);
    expect([feed.budget.held, feed.events]).toEqual([0, [violation("input full")]]);
  });

  it("always has room for a header and a short line", () => {
    const feed = new Feed({ ...WIDE, maxHeld: 0 });
    for (const byte of Buffer.concat([rawPacket("hello"), text("status\n")])) feed.push(Buffer.of(byte));
    expect(feed.events).toEqual([{ kind: "request", type: 16, body: "hello" }, line("status")]);
    expect(feed.budget.held).toBe(0);
  });

  it("memory grows with the bytes that come, not with those that are promised", () => {
    const readers = Array.from({ length: 2000 }, () => new Feed({ maxBody: 2 ** 32, maxHeld: 2 ** 40 }));
    const before = process.memoryUsage().arrayBuffers;
    for (const feed of readers) feed.reader.push(rawPacket(x(100), { size: 2 ** 32 - 1 }), 0, () => false);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2000 * 1024);
  });
});

describe("a reader that was stopped", () => {
  it("gives back what it holds and finds nothing more", () => {
    const feed = new Feed().push(rawPacket(x(10), { size: 20 }));
    feed.reader.stop();
    feed.push(text(x(10))).push(echo);
    expect([feed.budget.held, feed.events, feed.reader.midMessage]).toEqual([0, [], false]);
  });
});
