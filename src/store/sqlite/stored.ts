/** What a column holds, of which nothing is certain. */
import type { JobRecord } from "../../core/job.ts";
import { asBuffer } from "../../lib/bytes.ts";
import { readRecord } from "../record.ts";

/** A view; empty if it holds no bytes. */
export const bufferOf = (value: unknown): Buffer => (value instanceof Uint8Array ? asBuffer(value) : Buffer.alloc(0));

/** Undefined: it is no job, or one of a newer version. */
export function jobIn(record: Buffer): JobRecord | undefined {
  try {
    return readRecord(record);
  } catch {
    return undefined;
  }
}
