import { crc32 } from "node:zlib";

/** Of a row of a data directory, over all its columns. */
export const checksum = (id: number, fate: string | null, record: Uint8Array): number =>
  crc32(record, crc32(`${id} ${fate ?? ""}`));
