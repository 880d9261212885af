/** Files that cannot be gearmand's queue, or are somebody else's. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { holderOf } from "../../src/store/gearmand/holders.ts";
import { checksum } from "../../src/store/sqlite/checksum.ts";
import { openError } from "../../src/store/sqlite/open-error.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { Folder } from "../support/folder.ts";
import { freeze } from "../support/stranger.ts";
import { onSmallDisk } from "./faults.ts";
import { ABOUT, Bench, bytes, DDL, TABLE } from "./gearmand-bench.ts";
import { sqliteError } from "./support.ts";

vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));
vi.mock("../../src/store/sqlite/driver.ts", async (original) =>
  (await import("./faults.ts")).faultyDriver(await original()),
);

onSmallDisk();

describe("a file that cannot be used", () => {
  const refusal = async (bench: Bench): Promise<string> => {
    const error: Error = await bench.open().then(
      () => expect.fail("it was opened"),
      (why: Error) => why,
    );
    expect(error).toMatchObject({ name: "StoreError", kind: "open" });
    return error.message.replace(`Could not open the queue ${bench.file}: `, "");
  };

  it.each([
    ["PRAGMA encoding = 'UTF-16le'", DDL, "its texts are UTF-16le, and gearmand's are UTF-8: choose another file"],
    [
      "PRAGMA user_version",
      `CREATE TABLE ${TABLE} (unique_key TEXT)`,
      "its table gearman_queue is not gearmand's: --libsqlite3-table names another",
    ],
  ])("%s, %s", async (first, second, message) => {
    await using bench = new Bench();
    const { openSqlite } = await import("../../src/store/sqlite/driver.ts");
    const db = openSqlite(bench.file);
    db.exec(`${first}; ${second}`);
    db.close();
    bench.copy();
    expect(await refusal(bench)).toBe(message);
  });

  it("was used by a newer version", async () => {
    await using bench = new Bench();
    await bench.open();
    await bench.store.close();
    bench.sql(`UPDATE ${ABOUT}_meta SET value = 2 WHERE name = 'format'`);
    expect(await refusal(bench)).toBe(
      "it was used by a newer gearmand-ts (format 2, known up to 1): use that one, or another file",
    );
  });

  it("has jobs of a newer version in it", async () => {
    await using bench = new Bench();
    await bench.open();
    await bench.put({});
    await bench.store.close();
    const [about] = bench.sql(`SELECT record FROM ${ABOUT}`);
    const record = Buffer.from(about?.["record"] as Uint8Array);
    record[0] = 2;
    bench.sql(
      `UPDATE ${ABOUT} SET record = ?, sum = ?`,
      record,
      checksum(1, null, Buffer.concat([record, bytes("load")])),
    );
    expect(await refusal(bench)).toBe("it has jobs of a newer gearmand-ts in it: use that one, or another file");
  });

  it("is none of SQLite's, or in no directory", async () => {
    await using bench = new Bench();
    writeFileSync(bench.file, "no database ".repeat(100));
    expect(await refusal(bench)).toBe("it is no SQLite database: choose another file");
    bench.file = bench.folder.file("nowhere/queue.sqlite");
    expect(await refusal(bench)).toMatch(
      /unable to open database file; it must be a file that the server may write to/,
    );
  });

  it("is open elsewhere, though nobody has locked it", async () => {
    await using bench = new Bench();
    bench.sql(DDL);
    await using stranger = await freeze(bench.file);
    expect(await refusal(bench)).toBe(
      `tail (process ${stranger.pid}) has it open: stop that one, or choose another file`,
    );
  });

  it("is another server's", async () => {
    await using bench = new Bench();
    await using other = new Bench();
    await other.open();
    bench.file = other.file;
    expect(await refusal(bench)).toBe("another server uses it: stop that one, or choose another file");
    expect(openError(sqliteError("full"), "table").message).toBe("the disk is full: make room");
    expect(openError(new StoreError("open", "as it says"), "table").message).toBe("as it says");
  });
});

describe("who has a file open", () => {
  const aProcess = (proc: string, pid: string, opens: readonly string[]): void => {
    mkdirSync(`${proc}/${pid}/fd`, { recursive: true });
    writeFileSync(`${proc}/${pid}/comm`, "gearmand\n");
    for (const [number, target] of opens.entries()) symlinkSync(target, `${proc}/${pid}/fd/${number}`);
  };

  it("is told by its name and number", async () => {
    await using folder = new Folder();
    const [file, proc] = [folder.file("queue"), folder.file("proc")];
    writeFileSync(file, "");
    mkdirSync(folder.file("else"));
    writeFileSync(folder.file("else/queue"), "");
    aProcess(proc, "7", [folder.file("other"), folder.file("else/queue"), folder.file("gone/queue")]);
    aProcess(proc, String(process.pid), [file]);
    aProcess(proc, "self", [file]);
    mkdirSync(`${proc}/9`);
    writeFileSync(`${proc}/7/fd/9`, "no link");
    expect(holderOf(file, proc)).toBeUndefined();
    aProcess(proc, "8", [file]);
    expect(holderOf(file, proc)).toBe("gearmand (process 8)");
    rmSync(file);
    expect(holderOf(file, proc)).toBeUndefined();
    expect(holderOf(folder.file("else/queue"), folder.file("no proc"))).toBeUndefined();
  });
});
