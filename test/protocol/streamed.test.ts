import { expect, it } from "vitest";
import { bytesOf, encodeRequest, encodeRequestHead } from "../../src/protocol/encode.ts";
import { PACKETS } from "../../src/protocol/packets.ts";

it.each([0, 1, 5000])("the head of a packet with %d bytes to come and these bytes are the packet", (size) => {
  const data = Buffer.alloc(size, "x");
  const args = ["reverse", "u1"];
  const packet = encodeRequest(PACKETS.SUBMIT_JOB, args, data);
  const whole = Buffer.concat([bytesOf(packet), packet.rest ?? Buffer.alloc(0)]);
  expect(Buffer.concat([encodeRequestHead(PACKETS.SUBMIT_JOB, args, size), data])).toEqual(whole);
});
