import type { Row } from "../rows.ts";
import type { Inventory } from "../thread/table.ts";
import { checksum } from "./checksum.ts";
import type { Sqlite } from "./driver.ts";
import { isFate, readFate } from "./fate.ts";
import { bufferOf } from "./stored.ts";

/** A row of a data directory, read and judged. */
export type Scanned =
  | { readonly state: "alive" | "dead"; readonly row: Row }
  | { readonly state: "damaged"; readonly name: string; readonly id: number };

/** What {@link judge} reads. A damaged integer can be beyond what a number holds: as REAL it is only wrong. */
export const SELECT_ROW = "SELECT CAST(id AS REAL) AS id, record, fate, CAST(sum AS REAL) AS sum FROM job";

/** Rows are never numbered so; a damaged number may be. */
const LOWEST = -(2 ** 63);
export const HIGHEST = 2 ** 52;

/** Rows that are read at once: a call for each costs more than the reading. */
const TOGETHER = 100;

/** Bytes that are, unless a single row has more. */
const MOST = 8 * 1024 * 1024;

/** Reads every row; what is damaged is named. Throws when SQLite cannot read on. */
export function* scan(db: Sqlite): Generator<Scanned> {
  for (let found = someAfter(db, LOWEST); found.length > 0; found = someAfter(db, behind(found.at(-1)?.["id"])))
    yield* found.map(judge);
}

/** As many as if all were as large as the largest: that of a row is known without reading it. */
function someAfter(db: Sqlite, id: number): Record<string, unknown>[] {
  const sizes = `SELECT length(record) AS size FROM job WHERE id > ? ORDER BY id LIMIT ${TOGETHER}`;
  const largest = Number(db.prepare(`SELECT max(size) AS largest FROM (${sizes})`).get(id)?.["largest"]);
  const count = Math.max(1, Math.min(TOGETHER, Math.floor(MOST / largest)));
  return db.prepare(`${SELECT_ROW} WHERE job.id > ? ORDER BY job.id LIMIT ?`).all(id, count);
}

/** A number that is not before that one. A damaged one may have been rounded down. */
function behind(found: unknown): number {
  const id = Number(found);
  return Number.isSafeInteger(id) ? id : id + Math.abs(id) * Number.EPSILON;
}

export function judge({ id, record, fate, sum }: Record<string, unknown>): Scanned {
  const damaged = { state: "damaged", name: `row ${String(id)}`, id: Number(id) } as const;
  if (typeof id !== "number" || !(record instanceof Uint8Array)) return damaged;
  if (!isFate(fate) || checksum(id, fate, record) !== sum) return damaged;
  const { place, retries, dead } = readFate(fate, id);
  return { state: dead ? "dead" : "alive", row: { row: id, place, retries, record: bufferOf(record) } };
}

/** A scan that keeps account. */
export class Scan {
  readonly #db: Sqlite;
  readonly #damaged: string[] = [];
  #lastRow = 0;
  #dead = 0;

  constructor(db: Sqlite) {
    this.#db = db;
  }

  /** The jobs to run, by row. */
  *rows(): Generator<Row> {
    for (const scanned of scan(this.#db)) {
      if (scanned.state === "damaged") this.#nameDamaged(scanned);
      else {
        this.#lastRow = Math.max(this.#lastRow, scanned.row.row, scanned.row.place);
        if (scanned.state === "alive") yield scanned.row;
        else this.#dead++;
      }
    }
  }

  /** It stays where it is: its number is not free. */
  #nameDamaged({ name, id }: Extract<Scanned, { state: "damaged" }>): void {
    this.#damaged.push(name);
    if (id < HIGHEST) this.#lastRow = Math.max(this.#lastRow, id);
  }

  /** Known when all rows were read. */
  get inventory(): Inventory {
    return { lastRow: this.#lastRow, dead: this.#dead, damaged: this.#damaged };
  }
}
