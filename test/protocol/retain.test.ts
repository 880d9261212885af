import { describe, expect, it } from "vitest";
import { asBuffer } from "../../src/lib/bytes.ts";
import { COPY_BELOW } from "../../src/protocol/encode.ts";
import { forSending, type Request, retain, shortened } from "../../src/server/request.ts";

const request = (bytes: Buffer, owned: boolean): Request => ({
  args: [],
  body: { bytes, start: 0, end: bytes.length, owned },
  dataAt: 0,
  busy: false,
});

/** A body in memory that is larger than it. */
const within = (total: number, size: number): Buffer => Buffer.alloc(total, "x").subarray(total - size);

describe("data that is to outlive its packet", () => {
  it("is copied out of a chunk", () => {
    const data = within(600, 400);
    const kept = retain(request(data, false));
    data.fill("y");
    expect(String(kept)).toBe("x".repeat(400));
  });

  it("is kept where it is in memory that was gathered for its packet", () => {
    const data = within(600, 400);
    expect(retain(request(data, true))).toEqual(data);
    expect(asBuffer(retain(request(data, true))).buffer).toBe(data.buffer);
  });

  it("is kept as a text of bytes if it is short", () => {
    const bytes = Buffer.from(Array.from({ length: 128 }, (_, index) => 2 * index));
    const kept = retain(request(bytes, false));
    expect(typeof kept).toBe("string");
    expect(asBuffer(kept)).toEqual(bytes);
    expect(retain(request(Buffer.alloc(129), false))).toBeInstanceOf(Buffer);
    expect(shortened(bytes)).toBe(kept);
    expect(shortened(kept)).toBe(kept);
    expect(shortened(Buffer.alloc(129))).toBeInstanceOf(Buffer);
  });

  it("is copied out of gathered memory that is more than twice as large", () => {
    const kept = retain(request(within(10_000, 4999), true));
    expect(asBuffer(kept).buffer.byteLength).toBeLessThan(10_000);
  });

  it("small data to send on is left to the encoder, which copies it anyway", () => {
    const [small, large] = [within(2 * COPY_BELOW, COPY_BELOW - 1), within(2 * COPY_BELOW, COPY_BELOW)];
    expect(asBuffer(forSending(request(small, false))).buffer).toBe(small.buffer);
    expect(asBuffer(forSending(request(large, false))).buffer).not.toBe(large.buffer);
    expect(forSending(request(within(100, 3), false))).toBe("xxx");
  });
});
