import { Buffer } from "node:buffer";
import type { Workload } from "../core/types.ts";
import { takeBlock } from "../lib/blocks.ts";
import { textAt } from "../lib/bytes.ts";
import { untilNul } from "../lib/c-text.ts";
import { COPY_BELOW } from "../protocol/encode.ts";
import type { Body } from "../protocol/reader.ts";

/** A request packet, taken apart. Its data is only valid while its handler runs, unless `owned`. */
export interface Request {
  readonly args: readonly string[];
  readonly body: Body;
  /** Where its data begins; it ends with the body. */
  readonly dataAt: number;
  /** The packet directly follows the end of a job on its connection. */
  readonly busy: boolean;
}

/** An argument of the request; its packet's table row says that it is there. */
export function arg(request: Request, index: number): string {
  return request.args[index] ?? "";
}

/** The handle or unique that the request begins with: some peers end it with a NUL (gearmand#108). */
export function nameOf(request: Request): string {
  return untilNul(arg(request, 0));
}

/** Up to here bytes are kept as a text: a Buffer takes more memory than they do, and more time to be made. Bytes. */
const TEXT_UP_TO = 128;

/** Copies up to here share memory with others; larger ones have their own, which goes when they go. Bytes. */
const SHARED_BELOW = 1024;

/** THE place where bytes are kept or copied: data that is to outlive its packet. A view would pin, and see overwritten, the chunk it is of. */
export function retain(request: Request): Workload {
  const { bytes, end, owned } = request.body;
  const size = end - request.dataAt;
  if (size <= TEXT_UP_TO) return textAt(bytes, request.dataAt, end);
  const data = bytes.subarray(request.dataAt, end);
  if (owned && size * 2 >= data.buffer.byteLength) return data;
  const copy = size < SHARED_BELOW ? Buffer.allocUnsafe(size) : takeBlock(size);
  copy.set(data);
  return copy;
}

/** Data that is to be sent on: what the encoder copies anyway need not be copied before. */
export function forSending(request: Request): Workload {
  const { bytes, end } = request.body;
  const size = end - request.dataAt;
  return size <= TEXT_UP_TO || size >= COPY_BELOW ? retain(request) : bytes.subarray(request.dataAt, end);
}

/** What a store has kept. */
export const shortened = (workload: Workload): Workload =>
  workload instanceof Buffer && workload.length <= TEXT_UP_TO ? textAt(workload, 0, workload.length) : workload;
