import { afterEach, expect, test, vi } from "vitest";
import { codeOf, kindOf, openSqlite, textOf } from "../../src/store/sqlite/driver.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { sqliteError } from "./support.ts";

const packaged = vi.hoisted(() => ({ missing: false }));

vi.mock("node:module", async (original) => {
  const module = await original<typeof import("node:module")>();
  const createRequire: typeof module.createRequire = (url) => {
    if (packaged.missing) throw new Error("Cannot find package");
    return module.createRequire(url);
  };
  return { ...module, createRequire };
});

afterEach(() => {
  vi.restoreAllMocks();
  packaged.missing = false;
});

/** Node has a SQLite of its own, or none. */
const builtIn = (module: unknown): void => {
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(module as never);
};

test("what Node says of its SQLite when it is loaded is not told", () => {
  const told: unknown[] = [];
  vi.spyOn(process, "emitWarning").mockImplementation((warning) => void told.push(warning));
  vi.spyOn(process, "getBuiltinModule").mockImplementation((): never => {
    process.emitWarning("SQLite is an experimental feature", "ExperimentalWarning");
    return undefined as never;
  });
  openSqlite(":memory:").close();
  process.emitWarning("anything else");
  expect(told).toEqual(["anything else"]);
});

test("Node's own SQLite is used where there is one, else the package", () => {
  const opened: string[] = [];
  class DatabaseSync {
    constructor(path: string) {
      opened.push(path);
    }
  }
  builtIn({ DatabaseSync });
  openSqlite("file");
  expect(opened).toEqual(["file"]);
  builtIn(undefined);
  const db = openSqlite(":memory:");
  expect(db.prepare("SELECT 1 AS one").get()).toEqual({ one: 1 });
  expect(db.prepare("SELECT 1 AS one").all()).toEqual([{ one: 1 }]);
  db.close();
});

test("without any, it says what to do", () => {
  builtIn(undefined);
  packaged.missing = true;
  expect(() => openSqlite(":memory:")).toThrow(
    "no SQLite for a store: use Node 22.13 or newer, or install the package @photostructure/sqlite",
  );
});

test("errors are sorted by what they mean for the store", () => {
  expect(kindOf(new StoreError("open", "refused"))).toBe("open");
  expect(kindOf(sqliteError("full"))).toBe("space");
  for (const code of ["tooBig", "constraint", "mismatch", "range"] as const)
    expect(kindOf(sqliteError(code))).toBe("row");
  // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_IOERR_FSYNC, SQLITE_CORRUPT; what is no error of SQLite
  expect([1555, 1034, 11].map((code) => kindOf(sqliteError(code)))).toEqual(["row", "fatal", "fatal"]);
  expect([new Error("a bug"), "odd", undefined].map(kindOf)).toEqual(["fatal", "fatal", "fatal"]);
  expect(codeOf(sqliteError("busy"))).toBe(5);
  expect(textOf("odd")).toBe("odd");
});
