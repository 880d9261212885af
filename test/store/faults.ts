/**
 * Disks that are small or fail, and databases whose statements do. For tests that say
 *
 *     vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));
 *     vi.mock("../../src/store/sqlite/driver.ts", async (original) => (await import("./faults.ts")).faultyDriver(await original()));
 */
import type * as Fs from "node:fs";
import { afterEach, beforeEach } from "vitest";
import type * as Driver from "../../src/store/sqlite/driver.ts";

interface Faults {
  /** Bytes of the disk, and those left. Undefined: the real one's. */
  disk: { size: number; free: number } | undefined;
  /** Asked before a file is opened or written, or its mode changed. */
  file: (call: "open" | "write" | "chmod", path: unknown) => Error | undefined;
  /** Asked before a statement is run. */
  sql: (sql: string, values: readonly unknown[]) => Error | undefined;
}

const none = (): Faults => ({ disk: undefined, file: () => undefined, sql: () => undefined });

export const faults: Faults = none();

/** The databases that were opened: what failed is never closed by the product. */
const opened: Driver.Sqlite[] = [];

export const lastDatabase = (): Driver.Sqlite | undefined => opened.at(-1);

/** To be called after each test. */
export function mend(): void {
  Object.assign(faults, none());
  for (const db of opened.splice(0)) {
    try {
      db.close();
    } catch {}
  }
}

/** For tests that are not about disks: a small one has a small reserve, which is made sooner. */
export function onSmallDisk(): void {
  beforeEach(() => {
    faults.disk = { size: 80_000, free: 1e9 };
  });
  afterEach(mend);
}

function raise(error: Error | undefined): void {
  if (error !== undefined) throw error;
}

export function faultyFs(fs: typeof Fs): typeof Fs {
  const openSync: typeof fs.openSync = (path, ...rest) => {
    raise(faults.file("open", path));
    return fs.openSync(path, ...rest);
  };
  const writeSync = (file: number, ...rest: [Uint8Array, number, number]): number => {
    raise(faults.file("write", file));
    return fs.writeSync(file, ...rest);
  };
  const chmodSync: typeof fs.chmodSync = (path, mode) => {
    raise(faults.file("chmod", path));
    fs.chmodSync(path, mode);
  };
  const statfsSync = (path: string) => {
    const { disk } = faults;
    return disk === undefined ? fs.statfsSync(path) : { bsize: 1, blocks: disk.size, bavail: disk.free };
  };
  return { ...fs, openSync, writeSync, chmodSync, statfsSync } as typeof Fs;
}

export function faultyDriver(driver: typeof Driver): typeof Driver {
  const openSqlite: typeof driver.openSqlite = (path, readOnly) => {
    const db = driver.openSqlite(path, readOnly);
    opened.push(db);
    return new FaultySqlite(db);
  };
  return { ...driver, openSqlite };
}

class FaultySqlite implements Driver.Sqlite {
  readonly #db: Driver.Sqlite;

  constructor(db: Driver.Sqlite) {
    this.#db = db;
  }

  exec(sql: string): void {
    raise(faults.sql(sql, []));
    this.#db.exec(sql);
  }

  prepare(sql: string): Driver.Statement {
    const statement = this.#db.prepare(sql);
    const first = <Result>(run: (...values: Driver.Value[]) => Result) => {
      return (...values: Driver.Value[]): Result => {
        raise(faults.sql(sql, values));
        return run(...values);
      };
    };
    return {
      run: first((...values) => statement.run(...values)),
      get: first((...values) => statement.get(...values)),
      all: first((...values) => statement.all(...values)),
      iterate: first((...values) => statement.iterate(...values)),
    };
  }

  close(): void {
    this.#db.close();
  }
}
