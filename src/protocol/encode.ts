import { HEADER_SIZE, REQUEST_MAGIC, RESPONSE_MAGIC } from "./header.ts";
import { PACKETS, type PacketName } from "./packets.ts";

/** Up to here data is copied behind its header, so that a packet is one buffer; above, it goes out as it is. Bytes. */
export const COPY_BELOW = 4096;

/** A packet of the server, ready to be written: one buffer, or the header with the arguments and then the untouched data. */
export function encodeResponse(name: PacketName, args: readonly string[], data?: Uint8Array): Buffer[] {
  return encode(RESPONSE_MAGIC, name, args, data);
}

/** A packet of a client or worker, ready to be written. */
export function encodeRequest(name: PacketName, args: readonly string[], data?: Uint8Array): Buffer[] {
  return encode(REQUEST_MAGIC, name, args, data);
}

/** The header and the arguments of a request whose data, of that many bytes, follows. */
export function encodeRequestHead(name: PacketName, args: readonly string[], dataSize: number): Buffer {
  return encodeHead(REQUEST_MAGIC, name, args, dataSize, 0);
}

function encode(magic: number, name: PacketName, args: readonly string[], data?: Uint8Array): Buffer[] {
  const dataSize = data?.byteLength ?? 0;
  const joined = dataSize < COPY_BELOW ? dataSize : 0;
  const head = encodeHead(magic, name, args, dataSize, joined);
  if (data === undefined || dataSize === 0) return [head];
  if (joined === 0) return [head, Buffer.from(data.buffer, data.byteOffset, dataSize)];
  head.set(data, head.length - dataSize);
  return [head];
}

/** @param room bytes left free behind it, for data */
function encodeHead(magic: number, name: PacketName, args: readonly string[], dataSize: number, room: number): Buffer {
  const spec = PACKETS[name];
  const size = HEADER_SIZE + argumentsSize(args, spec.data);
  const head = Buffer.allocUnsafe(size + room);
  head.writeUInt32BE(magic, 0);
  head.writeUInt32BE(spec.type, 4);
  head.writeUInt32BE(size - HEADER_SIZE + dataSize, 8);
  writeArguments(head, args, spec.data);
  return head;
}

/** Arguments are parted by NUL; before data the last has one too. */
function argumentsSize(args: readonly string[], hasData: boolean): number {
  if (args.length === 0) return 0;
  let size = hasData ? args.length : args.length - 1;
  for (const arg of args) size += arg.length;
  return size;
}

function writeArguments(head: Buffer, args: readonly string[], hasData: boolean): void {
  let at = HEADER_SIZE;
  const last = args.length - 1;
  args.forEach((arg, index) => {
    at += head.write(arg, at, "latin1");
    if (hasData || index < last) head[at++] = 0;
  });
}
