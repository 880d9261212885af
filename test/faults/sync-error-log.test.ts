import { expect, it } from "vitest";
import { readLog } from "./sync-error.ts";

const row = (handle: string, at: number): string =>
  `7 ${at} pwrite64(19</d/jobs.sqlite-wal>, "\\r\\0\\1${handle}freverse", 4096, 32) = 4096`;
const reply = (handles: string[], at: number): string =>
  `5 ${at} write(20<TCP>, "${handles.map((handle) => `\\0RES\\0\\0\\0\\10\\0\\0\\0\\7${handle}`).join("")}", 99) = 99`;
const sync = (result: string, at: number): string => `7 ${at} fdatasync(19</d/jobs.sqlite-wal>) = ${result}`;
const FAILED = "-1 EIO (Input/output error) (INJECTED)";

const late = (...lines: string[]): number => readLog(lines).lateAcknowledgements;

it("an acknowledgement that leaves after the error was late, unless its job was on disk before", () => {
  const begin = [row("H:x:12", 1), sync("0", 2), row("H:x:13", 3), row("H:x:1", 3), sync(FAILED, 4)];
  expect(late(...begin)).toBe(0);
  expect(late(...begin, reply(["H:x:12"], 5))).toBe(0);
  expect(late(...begin, reply(["H:x:12", "H:x:13"], 5), reply(["H:x:1"], 6))).toBe(2);
});

it("without a sync before the error, every acknowledgement after it is late", () => {
  expect(late(row("H:x:12", 1), sync(FAILED, 2), reply(["H:x:12"], 3))).toBe(1);
});

it("how long the process lasted, and whether a file or a directory has failed", () => {
  expect(readLog([sync(FAILED, 4), reply(["H:x:1"], 4.25), ""])).toMatchObject({ what: "file", lasted: 250 });
  expect(readLog([`7 1 fsync(20</d>) = ${FAILED}`]).what).toBe("directory");
  expect(readLog([sync("0", 1)]).what).toBe(undefined);
});
