/** The SQLite driver: Node's own where it has one, else a package with the same interface. Each is loaded only when a store is opened. */
import { createRequire } from "node:module";
import { StoreError } from "../store-error.ts";

export type Value = string | number | Uint8Array | null;

export interface Statement {
  run(...values: Value[]): unknown;
  get(...values: Value[]): Record<string, unknown> | undefined;
  all(...values: Value[]): Record<string, unknown>[];
  iterate(...values: Value[]): Iterable<Record<string, unknown>>;
}

export interface Sqlite {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

type Driver = { readonly DatabaseSync: new (path: string, options?: { readOnly?: boolean }) => Sqlite };

/** Node 22.13 and later have it without a flag. */
const builtIn = (): Driver | undefined =>
  quietly(() => process.getBuiltinModule?.("node:sqlite") as Driver | undefined);

/** Node 22 and 24 warn when it is loaded that it may yet change: nothing that a user could do about. */
function quietly<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function load(): Driver {
  try {
    return builtIn() ?? (createRequire(import.meta.url)("@photostructure/sqlite") as Driver);
  } catch (cause) {
    const remedy = "use Node 22.13 or newer, or install the package @photostructure/sqlite";
    throw new StoreError("open", `no SQLite for a store: ${remedy}`, cause);
  }
}

/** Opens the file, which need not exist. */
export function openSqlite(path: string, readOnly = false): Sqlite {
  const { DatabaseSync } = load();
  return new Keeper(new DatabaseSync(path, { readOnly }));
}

/** Keeps every statement as long as the database: the package's iterators do not, and read on in memory that was freed. */
class Keeper implements Sqlite {
  readonly #db: Sqlite;
  readonly #statements: Map<string, Statement> = new Map();

  constructor(db: Sqlite) {
    this.#db = db;
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  prepare(sql: string): Statement {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#db.close();
  }
}

/** SQLITE: https://www.sqlite.org/rescode.html, the primary codes */
export const SQLITE = {
  busy: 5,
  corrupt: 11,
  full: 13,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
  range: 25,
  notADatabase: 26,
} as const;

/** The primary code of an error of SQLite; 0 for other errors. */
export function codeOf(error: unknown): number {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
}

const ROW_CODES: readonly number[] = [SQLITE.tooBig, SQLITE.constraint, SQLITE.mismatch, SQLITE.range];

/** What an error means for the store. */
export function kindOf(error: unknown): StoreError["kind"] {
  if (error instanceof StoreError) return error.kind;
  const code = codeOf(error);
  if (code === SQLITE.full) return "space";
  return ROW_CODES.includes(code) ? "row" : "fatal";
}

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
