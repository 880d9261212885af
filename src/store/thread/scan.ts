import type { Row } from "../rows.ts";
import { checksum } from "./checksum.ts";
import type { Sqlite } from "./driver.ts";
import type { Inventory } from "./table.ts";

interface Fate {
  readonly place: number;
  readonly retries: number;
  readonly dead?: boolean;
}

/** A row of a data directory, read and judged. */
export type Scanned =
  | { readonly state: "alive" | "dead"; readonly row: Row }
  | { readonly state: "damaged"; readonly name: string };

// A damaged integer can be beyond what a number holds: as REAL it is only wrong.
const ALL = "SELECT CAST(id AS REAL) AS id, record, fate, CAST(sum AS REAL) AS sum FROM job ORDER BY job.id";

/** Reads every row; what is damaged is named. Throws when SQLite cannot read on. */
export function* scan(db: Sqlite): Generator<Scanned> {
  for (const found of db.prepare(ALL).iterate()) yield judge(found);
}

function judge({ id, record, fate, sum }: Record<string, unknown>): Scanned {
  const damaged = { state: "damaged", name: `row ${String(id)}` } as const;
  if (typeof id !== "number" || !(record instanceof Uint8Array)) return damaged;
  if (fate !== null && typeof fate !== "string") return damaged;
  if (checksum(id, fate, record) !== sum) return damaged;
  const { place, retries, dead = false }: Fate = fate === null ? { place: id, retries: 0 } : (JSON.parse(fate) as Fate);
  return { state: dead ? "dead" : "alive", row: { row: id, place, retries, record: bufferOf(record) } };
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

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
      if (scanned.state === "damaged") this.#damaged.push(scanned.name);
      else {
        this.#lastRow = Math.max(this.#lastRow, scanned.row.row, scanned.row.place);
        if (scanned.state === "alive") yield scanned.row;
        else this.#dead++;
      }
    }
  }

  /** Known when all rows were read. */
  get inventory(): Inventory {
    return { lastRow: this.#lastRow, dead: this.#dead, damaged: this.#damaged };
  }
}
