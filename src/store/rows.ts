/**
 * Rows on their way between the main thread and the storage thread, one after the other:
 *
 *     0  record length (32 bits)   4  retries (32)   8  row (float, 64)   16  place (float, 64)   24  record
 */
import type { JobRecord } from "../core/job.ts";
import { asBuffer } from "../lib/bytes.ts";
import { recordSize, writeRecord } from "./record.ts";

export const ROW_HEAD = 24;

export interface Row {
  readonly row: number;
  /** Where it stands in line: its own number until a worker gave it back. */
  readonly place: number;
  readonly retries: number;
  readonly record: Buffer;
}

/** What a message that may be transferred is made of. */
export function packJobs(jobs: readonly JobRecord[]): Buffer {
  const size = jobs.reduce((sum, job) => sum + ROW_HEAD + recordSize(job), 0);
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const job of jobs) {
    const length = recordSize(job);
    writeHead(bytes, at, { row: job.row, place: job.row, retries: job.retries }, length);
    writeRecord(job, bytes, at + ROW_HEAD);
    at += ROW_HEAD + length;
  }
  return bytes;
}

export function packRows(rows: readonly Row[]): Buffer {
  const size = rows.reduce((sum, { record }) => sum + ROW_HEAD + record.length, 0);
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const row of rows) {
    writeHead(bytes, at, row, row.record.length);
    bytes.set(row.record, at + ROW_HEAD);
    at += ROW_HEAD + row.record.length;
  }
  return bytes;
}

type Head = Omit<Row, "record">;

function writeHead(bytes: Buffer, at: number, { row, place, retries }: Head, length: number): void {
  bytes.writeUInt32LE(length, at);
  bytes.writeUInt32LE(retries, at + 4);
  bytes.writeDoubleLE(row, at + 8);
  bytes.writeDoubleLE(place, at + 16);
}

/** The rows, as views of the bytes. */
export function unpackRows(message: Uint8Array): Row[] {
  const bytes = asBuffer(message);
  const rows: Row[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + ROW_HEAD;
    const end = start + bytes.readUInt32LE(at);
    rows.push({
      row: bytes.readDoubleLE(at + 8),
      place: bytes.readDoubleLE(at + 16),
      retries: bytes.readUInt32LE(at + 4),
      record: bytes.subarray(start, end),
    });
    at = end;
  }
  return rows;
}
