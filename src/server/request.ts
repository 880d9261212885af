import { untilNul } from "../lib/c-text.ts";
import { COPY_BELOW } from "../protocol/encode.ts";

/** A request packet, taken apart. Its data is only valid while its handler runs, unless `owned`. */
export interface Request {
  readonly args: readonly string[];
  readonly data: Buffer;
  /** The data's memory was gathered for this packet alone. */
  readonly owned: boolean;
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

/** Copies up to here share memory with others; larger ones have their own, which goes when they go. Bytes. */
const SHARED_BELOW = 1024;

/** THE place where bytes are kept or copied: data that is to outlive its packet. A view would pin, and see overwritten, the chunk it is of. */
export function retain({ data, owned }: Request): Buffer {
  if (owned && data.length * 2 >= data.buffer.byteLength) return data;
  const copy = data.length < SHARED_BELOW ? Buffer.allocUnsafe(data.length) : Buffer.allocUnsafeSlow(data.length);
  copy.set(data);
  return copy;
}

/** Data that is to be sent on: what the encoder copies anyway need not be copied before. */
export function forSending(request: Request): Buffer {
  return request.data.length < COPY_BELOW ? request.data : retain(request);
}
