import { crc32 } from "node:zlib";
import type { FateText } from "./fate.ts";

/** Of a row of a data directory, over all its columns. */
export const checksum = (id: number, fate: FateText, record: Uint8Array): number =>
  crc32(record, crc32(`${id} ${fate ?? ""}`));
