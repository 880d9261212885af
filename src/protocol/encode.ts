import { Buffer } from "node:buffer";
import { asBuffer, putText, putUint32 } from "../lib/bytes.ts";
import { HEADER_SIZE, REQUEST_MAGIC, RESPONSE_MAGIC } from "./header.ts";
import type { PacketSpec } from "./packets.ts";

/** Up to here data is copied behind its header, so that a packet is one piece; above, it goes out as it is. Bytes. */
export const COPY_BELOW = 16 * 1024;

/** A packet of the server. */
export function encodeResponse(spec: PacketSpec, args: readonly string[], data?: string | Uint8Array): Packet {
  return new Packet(RESPONSE_MAGIC, spec, args, data);
}

/** A packet of a client or worker. */
export function encodeRequest(spec: PacketSpec, args: readonly string[], data?: string | Uint8Array): Packet {
  return new Packet(REQUEST_MAGIC, spec, args, data);
}

/** The header and the arguments of a request whose data, of that many bytes, follows. Throws a RangeError if a header cannot say it. */
export function encodeRequestHead(spec: PacketSpec, args: readonly string[], dataSize: number): Buffer {
  const packet = new Packet(REQUEST_MAGIC, spec, args);
  const head = bytesOf(packet);
  head.writeUInt32BE(packet.size - HEADER_SIZE + dataSize, 8);
  return head;
}

/** The packet in memory of its own, but for data that goes out as it is. */
export function bytesOf(packet: Packet): Buffer {
  const bytes = Buffer.allocUnsafe(packet.size);
  packet.write(bytes, 0);
  return bytes;
}

/** HOT: a packet to be sent. It writes itself where it is told to; large data, which it does not write, is to follow. */
export class Packet {
  /** Bytes that it writes. */
  readonly size: number;
  /** Data that is to be sent behind it as it is. */
  readonly rest: Buffer | undefined;
  readonly #magic: number;
  readonly #spec: PacketSpec;
  readonly #args: readonly string[];
  /** Data that it writes. */
  readonly #data: string | Uint8Array | undefined;

  /** Throws a RangeError if it is more than a header can say. */
  constructor(magic: number, spec: PacketSpec, args: readonly string[], data?: string | Uint8Array) {
    this.#magic = magic;
    this.#spec = spec;
    this.#args = args;
    const large = data !== undefined && data.length >= COPY_BELOW;
    this.#data = large ? undefined : data;
    this.rest = large ? asBuffer(data) : undefined;
    this.size = HEADER_SIZE + argumentsSize(args, spec.data) + (this.#data === undefined ? 0 : this.#data.length);
  }

  write(bytes: Buffer, start: number): void {
    const bodySize = this.size - HEADER_SIZE + (this.rest?.length ?? 0);
    putUint32(bytes, this.#magic, start);
    putUint32(bytes, this.#spec.type, start + 4);
    putUint32(bytes, bodySize, start + 8);
    const at = this.#writeArguments(bytes, start + HEADER_SIZE);
    if (typeof this.#data === "string") putText(bytes, this.#data, at);
    else if (this.#data !== undefined) bytes.set(this.#data, at);
  }

  #writeArguments(bytes: Buffer, start: number): number {
    let at = start;
    let parting = this.#spec.data ? this.#args.length : this.#args.length - 1;
    for (const text of this.#args) {
      putText(bytes, text, at);
      at += text.length;
      if (parting-- > 0) bytes[at++] = 0;
    }
    return at;
  }
}

/** Arguments are parted by NUL; before data the last has one too. */
function argumentsSize(args: readonly string[], hasData: boolean): number {
  if (args.length === 0) return 0;
  let size = hasData ? args.length : args.length - 1;
  for (const arg of args) size += arg.length;
  return size;
}
