import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { dataOf, decodeBody } from "../../src/protocol/decode.ts";
import { PACKET_NAMES, PACKETS } from "../../src/protocol/packets.ts";
import { type Body, Reader } from "../../src/protocol/reader.ts";
import { fixtures } from "../support/codec-fixtures.ts";

const INPUTS = 1_000_000;
const MAX_BODY = 200;
/** Bytes per input, at the most. */
const LONGEST = 500;

/** Numbers that are the same for the same seed (mulberry32). */
function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A few well-formed messages in a row. */
function makeValid(random: (below: number) => number): Buffer {
  const lines = ["status\n", "show jobs\r\n", "\n", "maxqueue f 1 2 3\n"].map((line) => Buffer.from(line));
  const messages = [...fixtures.map(({ bytes }) => bytes), ...lines];
  const chosen = Array.from({ length: 1 + random(5) }, () => messages[random(messages.length)] ?? Buffer.alloc(0));
  return Buffer.concat(chosen);
}

/** Bytes that matter to a parser. */
const SPECIAL = [0, 1, 0x0a, 0x0d, 0x20, 0x2b, 0x45, 0x51, 0x52, 0x53, 0x7f, 0x80, 0xff];

/** Changes, removes or repeats a few bytes in place; returns the new length. */
function mutate(bytes: Buffer, length: number, random: (below: number) => number): number {
  let size = length;
  for (let changes = 1 + random(4); changes > 0 && size > 1; changes--) {
    const at = random(size);
    const kind = random(8);
    if (kind < 4) bytes[at] = SPECIAL[random(SPECIAL.length)] ?? 0;
    else if (kind < 6) bytes[at] = random(256);
    else {
      const by = kind === 6 ? 1 : -1;
      bytes.copyWithin(at, at + by, size);
      size = Math.min(LONGEST, size - by);
    }
  }
  return size;
}

const never = (): boolean => false;

/** Reads into a number that tells streams of events apart; decodes each packet as a session does. */
class Digest {
  readonly budget: { held: number; readonly max: number };
  value = 0;
  events = 0;

  constructor(max: number) {
    this.budget = { held: 0, max };
  }

  read(bytes: Buffer, cut: number): void {
    const reader = new Reader(MAX_BODY, this.budget, {
      packet: (magic, type, body) => this.#packet(magic === "request" ? type : -type, body),
      line: (text) => this.#mix(1000, text),
      refused: (why) => this.#mix(why.length, bytes.subarray(0, 0)),
      violation: (why) => this.#mix(100 + why.length, bytes.subarray(0, 0)),
    });
    reader.push(bytes.subarray(0, cut), 0, never);
    reader.push(bytes.subarray(cut), 0, never);
    reader.stop();
  }

  #packet(type: number, body: Body): void {
    const bytes = body.bytes.subarray(body.start, body.end);
    const name = PACKET_NAMES[Math.abs(type)];
    if (name === undefined) throw new Error(`type ${type} came through`);
    const decoded = decodeBody(PACKETS[name], body);
    this.#mix(
      typeof decoded === "string" ? decoded.length : decoded.args.length * 7 + dataOf(body, decoded).length,
      bytes,
    );
    this.#mix(type, bytes);
  }

  #mix(what: number, bytes: Buffer): void {
    this.events++;
    const { length } = bytes;
    const middle = (bytes[0] ?? 0) * 65536 + (bytes[length >> 1] ?? 0) * 256 + (bytes[length - 1] ?? 0);
    this.value = (Math.imul(Math.imul(this.value, 31) + what, 31) + middle + length) | 0;
  }
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function memory(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it("a million mutated streams: no throw, bounded work, flat memory, the same events however they are cut", () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
  console.log(`mutations: SEED=${seed}`);
  const random = randomly(seed);
  const valid = Array.from({ length: 500 }, () => makeValid(random)).filter(({ length }) => length < LONGEST);
  const input = Buffer.alloc(LONGEST + 1);
  const before = memory();
  for (let count = 0; count < INPUTS; count++) {
    const length = mutate(input, valid[random(valid.length)]?.copy(input) ?? 0, random);
    const bytes = input.subarray(0, length);
    const whole = new Digest(2 ** 30);
    whole.read(bytes, length);
    const halves = new Digest(2 ** 30);
    halves.read(bytes, random(length + 1));
    const tight = new Digest(300);
    if (count % 4 === 0) tight.read(bytes, random(length + 1));
    const sound =
      whole.value === halves.value &&
      Math.max(whole.events, halves.events, tight.events) <= length &&
      whole.budget.held + halves.budget.held + tight.budget.held === 0;
    if (!sound) expect({ seed, count, bytes: bytes.toString("latin1"), whole }).toEqual(halves);
  }
  expect(memory() - before).toBeLessThan(4 * 1024 ** 2);
}, 120_000);
