/**
 * What of a job never changes, as bytes. Version 1:
 *
 *     0  version   1  priority   2  handle length (16 bits)   4  unique length (16)   6  0 (16)
 *     8  function length (32)   12  reducer length (32)   16  epoch (float, 64)   24  handle, unique, function, reducer, workload
 *
 * Numbers are little-endian. The version is a promise: what a released version wrote is read by every later one.
 */
import type { JobRecord, JobSpecRecord } from "../core/job.ts";
import type { Priority } from "../core/types.ts";

const VERSION = 1;
const HEAD = 24;

export function recordSize({ handle, unique, function: fn, reducer, workload }: JobSpecRecord): number {
  return HEAD + handle.length + unique.length + fn.length + reducer.length + workload.length;
}

/** Writes the record at the offset; there must be room for {@link recordSize} bytes. */
export function writeRecord(job: JobSpecRecord, target: Buffer, at: number): void {
  const { handle, unique, function: fn, reducer, workload } = job;
  target[at] = VERSION;
  target[at + 1] = job.priority;
  target.writeUInt16LE(handle.length, at + 2);
  target.writeUInt16LE(unique.length, at + 4);
  target.writeUInt16LE(0, at + 6);
  target.writeUInt32LE(fn.length, at + 8);
  target.writeUInt32LE(reducer.length, at + 12);
  target.writeDoubleLE(job.epoch, at + 16);
  // One write for all texts: most of its cost is in the call.
  const names = handle + unique + fn + reducer;
  if (typeof workload === "string") target.write(names + workload, at + HEAD, "latin1");
  else target.set(workload, at + HEAD + target.write(names, at + HEAD, "latin1"));
}

/** Throws RangeError when the bytes are no record, or that of a newer version. The workload is a view of them. */
export function readRecord(bytes: Buffer, row = 0, retries = 0): JobRecord {
  if (bytes[0] !== VERSION) throw new RangeError(`a record of version ${bytes[0]}`);
  const unique = HEAD + bytes.readUInt16LE(2);
  const fn = unique + bytes.readUInt16LE(4);
  const reducer = fn + bytes.readUInt32LE(8);
  const workload = reducer + bytes.readUInt32LE(12);
  const names = bytes.toString("latin1", HEAD, workload);
  return {
    handle: names.slice(0, unique - HEAD),
    unique: names.slice(unique - HEAD, fn - HEAD),
    function: names.slice(fn - HEAD, reducer - HEAD),
    reducer: names.slice(reducer - HEAD),
    priority: bytes[1] as Priority,
    epoch: bytes.readDoubleLE(16),
    workload: bytes.subarray(workload),
    row,
    retries,
  };
}
