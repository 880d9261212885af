import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const KINDS = [
  "",
  "opened",
  "created",
  "written",
  "resized",
  "allocated",
  "unlinked",
  "renamed",
  "directoryMade",
  "synced",
] as const;

/** Something that a program did to files, or the sync of one; it went well. */
export interface Operation {
  readonly kind: Exclude<(typeof KINDS)[number], "">;
  /** Nanoseconds of CLOCK_MONOTONIC, as process.hrtime. */
  readonly began: number;
  readonly ended: number;
  /** The file that is meant, but for `unlinked`, `renamed` and `directoryMade`. */
  readonly inode: number;
  /** Of the data; the new size for `resized`; the least size for `allocated`. */
  readonly offset: number;
  readonly path: string;
  /** What was written; the new path for `renamed`. */
  readonly data: Buffer;
}

const source = new URL("recorder.c", import.meta.url).pathname;

/** Makes the recorder; returns where it is. */
export function compileRecorder(folder: string): string {
  const library = `${folder}/recorder.so`;
  execFileSync("gcc", ["-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"]);
  return library;
}

/** The environment of a program whose work below `root` is to be recorded in `log`; programs may follow one another. */
export function recorded(library: string, root: string, log: string): Record<string, string> {
  // What goes through io_uring is not seen.
  return { LD_PRELOAD: library, RECORD_ROOT: root, RECORD_LOG: log, UV_USE_IO_URING: "0" };
}

/** The log as it was written, sorted by when each operation began. */
export function readRecording(log: string): Operation[] {
  const bytes = readFileSync(log);
  const operations: Operation[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at)) operations.push(operationAt(bytes, at));
  return operations.sort((a, b) => a.began - b.began);
}

/** `struct entry` in recorder.c */
const HEAD = 48;

function operationAt(bytes: Buffer, at: number): Operation {
  const kind = KINDS[bytes.readUInt32LE(at + 4)];
  if (kind === undefined || kind === "") throw new Error(`the log is broken at ${at}`);
  const data = at + HEAD + bytes.readUInt32LE(at + 40);
  return {
    kind,
    began: Number(bytes.readBigInt64LE(at + 8)),
    ended: Number(bytes.readBigInt64LE(at + 16)),
    inode: Number(bytes.readBigUInt64LE(at + 24)),
    offset: Number(bytes.readBigInt64LE(at + 32)),
    path: bytes.toString("utf8", at + HEAD, data),
    data: bytes.subarray(data, data + bytes.readUInt32LE(at + 44)),
  };
}

/** As if the syncs of files of that name had done nothing. */
export function withoutSyncs(operations: readonly Operation[], name: string): Operation[] {
  const paths = new Map<number, string>();
  return operations.filter(({ kind, inode, path }) => {
    if (kind === "created" || kind === "opened") paths.set(inode, path);
    return kind !== "synced" || paths.get(inode)?.endsWith(`/${name}`) !== true;
  });
}
