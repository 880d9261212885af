import { connect } from "node:net";
import type { JobRecord } from "./records.ts";

/** Writes into the ledger; settles once the line has left this process, so that it holds even if the process is killed then. */
export type Pen = (record: JobRecord) => Promise<void>;

export async function openPen(path: string): Promise<Pen> {
  const socket = connect(path).unref();
  await new Promise((resolve) => socket.once("connect", resolve));
  return (record) => new Promise((resolve) => socket.write(`${JSON.stringify(record)}\n`, () => resolve()));
}
