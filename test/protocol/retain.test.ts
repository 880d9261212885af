import { describe, expect, it } from "vitest";
import { COPY_BELOW } from "../../src/protocol/encode.ts";
import { forSending, type Request, retain } from "../../src/server/request.ts";

const request = (data: Buffer, owned: boolean): Request => ({ args: [], data, owned, busy: false });

/** A body in memory that is larger than it. */
const within = (total: number, size: number): Buffer => Buffer.alloc(total, "x").subarray(total - size);

describe("data that is to outlive its packet", () => {
  it("is copied out of a chunk", () => {
    const data = within(64, 40);
    const kept = retain(request(data, false));
    data.fill("y");
    expect(kept.toString()).toBe("x".repeat(40));
  });

  it("is kept where it is in memory that was gathered for its packet", () => {
    const data = within(64, 40);
    expect(retain(request(data, true))).toBe(data);
  });

  it("is copied out of gathered memory that is more than twice as large", () => {
    const kept = retain(request(within(10_000, 4999), true));
    expect(kept.buffer.byteLength).toBeLessThan(10_000);
  });

  it("small data to send on is left to the encoder, which copies it anyway", () => {
    const [small, large] = [within(9000, COPY_BELOW - 1), within(9000, COPY_BELOW)];
    expect(forSending(request(small, false))).toBe(small);
    expect(forSending(request(large, false))).not.toBe(large);
  });
});
