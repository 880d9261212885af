import { beforeEach, describe, expect, it } from "vitest";
import { hold, letGo, takeBlock } from "../../src/lib/blocks.ts";

/** Whether it is the memory of something else. */
const isOf = (a: Uint8Array, b: Uint8Array): boolean => a.buffer === b.buffer;

function used(size: number): Buffer {
  const block = takeBlock(size);
  hold(block);
  return block;
}

/** More than is kept, at once: nothing else is spare then. */
const MUCH = 40 * 1024 ** 2;

beforeEach(() => letGo(used(MUCH)));

describe("a block", () => {
  it("is as large as was asked for", () => {
    for (const size of [0, 1, 4095, 4096, 5000, 65_536, 1_000_003]) expect(takeBlock(size).length).toBe(size);
  });

  it("is used again when it was let go as often as held, whatever part of it was shown", () => {
    const block = used(100_000);
    hold(block.subarray(10, 20));
    letGo(block.subarray(99_000));
    expect(isOf(takeBlock(100_000), block)).toBe(false);
    letGo(block);
    expect(isOf(takeBlock(100_000), block)).toBe(true);
  });

  it("is used again once for each time", () => {
    const block = used(100_000);
    letGo(block);
    letGo(block);
    const [first, second] = [takeBlock(100_000), takeBlock(100_000)];
    expect(isOf(first, second)).toBe(false);
  });

  it("serves sizes a little smaller, and none that would leave more than a ninth of it unused", () => {
    const block = used(65_536);
    letGo(block);
    expect(isOf(takeBlock(57_000), block)).toBe(false);
    const again = takeBlock(61_440 + 1);
    expect(isOf(again, block)).toBe(true);
  });

  it("too small to be worth it is no block, nor is what comes from elsewhere", () => {
    for (const memory of [takeBlock(4000), Buffer.alloc(100_000)]) {
      hold(memory);
      letGo(memory);
      expect(isOf(takeBlock(memory.length), memory)).toBe(false);
    }
  });

  it("takes the place of those that were kept, when they are too much", () => {
    const small = used(100_000);
    letGo(small);
    letGo(used(MUCH));
    expect(isOf(takeBlock(100_000), small)).toBe(false);
  });
});
