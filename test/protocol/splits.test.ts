import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutAt, type Event, eventsOf, rawPacket } from "../support/codec-stream.ts";

/** Packets and lines, bodies of none, of few and of many bytes, a refused packet whose body looks like others, a response. */
const parts: readonly (readonly [Buffer, Event])[] = [
  [rawPacket("f\0u\0data", { type: 18 }), { kind: "request", type: 18, body: "f\0u\0data" }],
  [Buffer.from("status\r\n"), { kind: "line", text: "status\r" }],
  [rawPacket("", { type: 9 }), { kind: "request", type: 9, body: "" }],
  [Buffer.from("\n"), { kind: "line", text: "" }],
  [rawPacket("status\n\0REQ".repeat(3)), { kind: "refused", why: "packetTooLarge" }],
  [rawPacket("\n", { magic: "\0RES", type: 13 }), { kind: "response", type: 13, body: "\n" }],
  [Buffer.from("a\0b\n"), { kind: "line", text: "a\0b" }],
];
const stream = Buffer.concat(parts.map(([bytes]) => bytes));
const expected = parts.map(([, event]) => event);
const bounds = { maxBody: 30, maxHeld: 1024 };

describe("a stream of packets and lines gives the same events", () => {
  it("whole", () => expect(eventsOf([stream], bounds)).toEqual(expected));

  it("byte by byte", () => {
    const bytes = Array.from(stream, (_, index) => stream.subarray(index, index + 1));
    expect(eventsOf(bytes, bounds)).toEqual(expected);
  });

  it("cut at any two places", () => {
    for (let first = 0; first <= stream.length; first++)
      for (let second = first; second <= stream.length; second++)
        expect(eventsOf(cutAt(stream, [first, second]), bounds), `cut at ${first} and ${second}`).toEqual(expected);
  });

  it("cut anywhere, paused after each message or not", () => {
    const places = fc.array(fc.nat(stream.length), { maxLength: 20 });
    fc.assert(
      fc.property(places, fc.boolean(), (cuts, pausing) => {
        expect(eventsOf(cutAt(stream, cuts), bounds, pausing)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it("with any messages, cut anywhere", () => {
    const message = fc.oneof(
      fc.record({ type: fc.integer({ min: 1, max: 42 }), body: fc.string({ unit: "binary-ascii", maxLength: 600 }) }),
      fc.stringMatching(/^[a-z][a-z \r]{0,600}$/),
    );
    const script = fc.array(message, { maxLength: 6 });
    const cuts = fc.array(fc.nat(4000), { maxLength: 12 });
    fc.assert(
      fc.property(script, cuts, (messages, places) => {
        const bytes = Buffer.concat(
          messages.map((each) => (typeof each === "string" ? Buffer.from(`${each}\n`) : rawPacket(each.body, each))),
        );
        const wanted = messages.map((each) =>
          typeof each === "string" ? { kind: "line", text: each } : { kind: "request", ...each },
        );
        const within = places.map((place) => place % (bytes.length + 1));
        expect(eventsOf(cutAt(bytes, within), { maxBody: 600, maxHeld: 4096 })).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });
});
