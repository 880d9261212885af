import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import { HEADER_SIZE } from "../../src/protocol/header.ts";
import { PACKETS, type PacketName } from "../../src/protocol/packets.ts";

/** Says something; `data` is not copied. */
function send(stream: Duplex, name: PacketName, args: string, data: Uint8Array = Buffer.alloc(0)): void {
  const head = Buffer.alloc(HEADER_SIZE + args.length);
  head.write("\0REQ", "latin1");
  head.writeUInt32BE(PACKETS[name].type, 4);
  head.writeUInt32BE(args.length + data.length, 8);
  head.write(args, HEADER_SIZE, "latin1");
  stream.write(head);
  if (data.length > 0) stream.write(data);
}

/** A worker in packets that gathers large bodies without joining them again and again; ends with `using`. */
function serve(stream: Duplex, name: string, answer: (workload: Buffer) => Buffer): Disposable {
  let pending: Buffer[] = [];
  let bytes = 0;
  let wanted = HEADER_SIZE;
  const hear = (packet: Buffer): void => {
    const type = packet.readUInt32BE(4);
    if (type === PACKETS.NO_JOB.type) send(stream, "PRE_SLEEP", "");
    else if (type === PACKETS.NOOP.type) send(stream, "GRAB_JOB", "");
    else {
      const handleEnd = packet.indexOf(0, HEADER_SIZE);
      const workload = packet.subarray(packet.indexOf(0, handleEnd + 1) + 1);
      send(stream, "WORK_COMPLETE", packet.toString("latin1", HEADER_SIZE, handleEnd + 1), answer(workload));
      send(stream, "GRAB_JOB", "");
    }
  };
  const next = (): void => {
    const all = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending);
    wanted = HEADER_SIZE + all.readUInt32BE(8);
    pending = [all];
    if (all.length < wanted) return;
    pending = [all.subarray(wanted)];
    bytes -= wanted;
    hear(all.subarray(0, wanted));
    wanted = HEADER_SIZE;
  };
  stream.on("data", (chunk: Buffer) => {
    pending.push(chunk);
    bytes += chunk.length;
    while (bytes >= wanted) next();
  });
  stream.on("error", () => {});
  send(stream, "CAN_DO", name);
  send(stream, "GRAB_JOB", "");
  return { [Symbol.dispose]: () => void stream.destroy() };
}

/** The result is the workload's MD5, in hexadecimal digits. */
export const answerInDigests = (stream: Duplex, name: string): Disposable =>
  serve(stream, name, (workload) => Buffer.from(createHash("md5").update(workload).digest("hex")));

export const answerWithBytes = (stream: Duplex, name: string, bytes: Buffer): Disposable =>
  serve(stream, name, () => bytes);
