import { Buffer } from "node:buffer";

/**
 * Memory for large data on its way through, used again when all that held it have let it go. V8 collects all over, in several threads, each
 * time 64 MB of Buffers have come and gone, and the kernel clears what it gives anew: together that was half of what a job of 1 MB cost.
 *
 *     taken --hold--> held, once or more often --letGo, as often--> spare, for whoever takes as much next
 *     taken, held --nobody refers to it any more--> collected, as any memory
 *
 * Only who has held may let go, and must not look at it again. Who never lets go does no harm: it is collected then.
 */

/** Less is not worth it, bytes. */
const LEAST = 4096;

/** What is kept to be used again, bytes: about what large jobs need that are on their way at one time. */
const MOST_SPARE = 32 * 1024 ** 2;

/** Blocks come in eight sizes from one power of two to the next, so that of each at least eight ninths are used. */
const STEPS = 8;

interface Block {
  readonly memory: Buffer;
  holders: number;
}

/** Of all that was taken and is not collected. */
const blocks: WeakMap<ArrayBufferLike, Block> = new WeakMap();
const spare: Map<number, Buffer[]> = new Map();
let spareBytes = 0;

/** Memory of that size. What is in it may be anything. */
export function takeBlock(size: number): Buffer {
  if (size < LEAST) return Buffer.allocUnsafeSlow(size);
  const whole = sizeOfBlock(size);
  const memory = takeSpare(whole) ?? newBlock(whole);
  return memory.subarray(0, size);
}

/** Does nothing for memory that is no block. */
export function hold(bytes: Uint8Array): void {
  const block = blocks.get(bytes.buffer);
  if (block !== undefined) block.holders++;
}

/** Its last holder gives it back. */
export function letGo(bytes: Uint8Array): void {
  const block = blocks.get(bytes.buffer);
  if (block !== undefined && --block.holders === 0) keep(block.memory);
}

function newBlock(size: number): Buffer {
  const memory = Buffer.allocUnsafeSlow(size);
  blocks.set(memory.buffer, { memory, holders: 0 });
  return memory;
}

function takeSpare(size: number): Buffer | undefined {
  const memory = spare.get(size)?.pop();
  if (memory !== undefined) spareBytes -= size;
  return memory;
}

/** When there is too much, none of it is of use: other sizes are asked for now. */
function keep(memory: Buffer): void {
  spareBytes += memory.length;
  if (spareBytes > MOST_SPARE) {
    spare.clear();
    spareBytes = memory.length;
  }
  const others = spare.get(memory.length);
  if (others === undefined) spare.set(memory.length, [memory]);
  else others.push(memory);
}

function sizeOfBlock(size: number): number {
  const step = 2 ** Math.floor(Math.log2(size)) / STEPS;
  return Math.ceil(size / step) * step;
}
