import { describe, expect, it } from "vitest";
import { dataOf, decodeBody } from "../../src/protocol/decode.ts";
import { bytesOf, COPY_BELOW, encodeRequest, encodeResponse, type Packet } from "../../src/protocol/encode.ts";
import { HEADER_SIZE } from "../../src/protocol/header.ts";
import { PACKET_NAMES, PACKETS, type PacketName, type PacketSpec } from "../../src/protocol/packets.ts";
import { type Fixture, fixtures } from "../support/codec-fixtures.ts";
import { bodyOf, eventsOf } from "../support/codec-stream.ts";

const wire = (packet: Packet): Buffer => Buffer.concat([bytesOf(packet), packet.rest ?? Buffer.alloc(0)]);

const encode = ({ magic, name, args }: Fixture, data: Uint8Array | undefined): Buffer =>
  wire((magic === "request" ? encodeRequest : encodeResponse)(PACKETS[name], args, data));

const bytesOfBody = ({ bytes }: Fixture): Buffer => bytes.subarray(HEADER_SIZE);

describe("the packet table", () => {
  it("has each packet once, numbered from 1 to 42", () => {
    expect(Object.values(PACKETS).map(({ type }) => type)).toEqual(Array.from({ length: 42 }, (_, index) => index + 1));
    expect(PACKET_NAMES.slice(1).map((name) => name && PACKETS[name].type)).toEqual(
      Object.values(PACKETS).map(({ type }) => type),
    );
  });

  it("has a fixture for each packet and each way it goes", () => {
    const wanted = (Object.entries(PACKETS) as [PacketName, PacketSpec][]).flatMap(([name, { direction }]) => {
      const ways = { request: ["request"], response: ["response"], both: ["request", "response"], unused: ["request"] };
      return ways[direction].map((way) => `${way} ${name}`);
    });
    expect(fixtures.map(({ title }) => title).sort()).toEqual(wanted.sort());
  });
});

/** Arguments and data, or the name of the error. */
function decoded(name: PacketName, bytes: Buffer): unknown {
  const body = bodyOf(bytes);
  const parts = decodeBody(PACKETS[name], body);
  return typeof parts === "string" ? parts : [parts.args, dataOf(body, parts)];
}

describe.each(fixtures)("$title", (fixture) => {
  const { magic, name, type, bytes, fields, args, data } = fixture;

  it("is in the table as it is on the wire", () => {
    expect({ type, args: fields, data: data !== undefined }).toEqual({
      type: PACKETS[name].type,
      args: PACKETS[name].args,
      data: PACKETS[name].data,
    });
  });

  it("decodes", () => {
    expect(decoded(name, bytesOfBody(fixture))).toEqual([args, data ?? Buffer.alloc(0)]);
  });

  it("encodes", () => {
    expect(encode(fixture, data)).toEqual(bytes);
  });

  it("decodes to what was encoded", () => {
    const body = encode(fixture, data).subarray(HEADER_SIZE);
    expect(decoded(name, body)).toEqual([args, data ?? Buffer.alloc(0)]);
  });

  it("comes out of a stream", () => {
    const packet = { kind: magic, type, body: bytesOfBody(fixture).toString("latin1") };
    expect(eventsOf([Buffer.concat([bytes, bytes])])).toEqual([packet, packet]);
  });
});

describe("encoding", () => {
  it("copies small data behind its header: one buffer", () => {
    const data = Buffer.alloc(COPY_BELOW - 1, "x");
    const packet = encodeResponse(PACKETS.WORK_DATA, ["H:1"], data);
    const bytes = bytesOf(packet);
    data.fill("y");
    expect([bytes.toString("latin1", HEADER_SIZE), packet.rest]).toEqual([
      `H:1\0${"x".repeat(COPY_BELOW - 1)}`,
      undefined,
    ]);
  });

  it("leaves large data where it is, even in the middle of other memory", () => {
    const memory = new Uint8Array(3 * COPY_BELOW);
    const data = memory.subarray(COPY_BELOW, 2 * COPY_BELOW);
    const packet = encodeRequest(PACKETS.WORK_COMPLETE, ["H:1"], data);
    memory[COPY_BELOW] = 7;
    const head = bytesOf(packet);
    expect([head.readUInt32BE(8), head.length]).toEqual([4 + COPY_BELOW, HEADER_SIZE + 4]);
    expect([packet.rest?.length, packet.rest?.[0]]).toEqual([COPY_BELOW, 7]);
  });

  it("writes each character of a name as one byte", () => {
    const name = "\x00\x7f\x80\xff";
    for (const times of [1, 100]) {
      const bytes = bytesOf(encodeRequest(PACKETS.CAN_DO, [name.repeat(times)]));
      expect(bytes.subarray(HEADER_SIZE)).toEqual(Buffer.alloc(4 * times, Buffer.from([0, 0x7f, 0x80, 0xff])));
    }
  });
});
