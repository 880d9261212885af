import type { Batch, Move } from "../messages.ts";
import type { Row } from "../rows.ts";
import type { Inventory, JobTable } from "../thread/table.ts";
import { checksum } from "./checksum.ts";
import { kindOf, type Sqlite, type Statement, type Value } from "./driver.ts";
import { newFate, writeFate } from "./fate.ts";
import { inOrder } from "./in-order.ts";
import { judge, Scan, SELECT_ROW } from "./scan.ts";

/** So many rows are inserted by one statement: most of the cost of a row is in the call. */
const TOGETHER = 16;

/** The jobs of a data directory. */
export class DirectoryTable implements JobTable {
  /** New rows stand side by side; removed ones may be anywhere. */
  readonly pagesPerRow = 1;
  readonly #db: Sqlite;
  readonly #insertOne: Statement;
  readonly #insertMany: Statement;
  readonly #find: Statement;
  readonly #move: Statement;
  readonly #remove: Statement;
  readonly #reserved: Statement;
  readonly #reserve: Statement;

  constructor(db: Sqlite) {
    this.#db = db;
    const values = "(?, ?, ?, ?)";
    this.#insertOne = db.prepare(`INSERT INTO job (id, record, fate, sum) VALUES ${values}`);
    this.#insertMany = db.prepare(
      `INSERT INTO job (id, record, fate, sum) VALUES ${Array(TOGETHER).fill(values).join(", ")}`,
    );
    this.#find = db.prepare(`${SELECT_ROW} WHERE job.id = ?`);
    this.#move = db.prepare("UPDATE job SET fate = ?, sum = ? WHERE id = ?");
    this.#remove = db.prepare("DELETE FROM job WHERE id = ?");
    this.#reserved = db.prepare("SELECT value FROM meta WHERE name = 'numbers'");
    this.#reserve = db.prepare("UPDATE meta SET value = ? WHERE name = 'numbers'");
  }

  load(send: (rows: readonly Row[]) => void): Inventory {
    const scan = new Scan(this.#db);
    inOrder(scan.rows(), send);
    return scan.inventory;
  }

  insert(rows: readonly Row[]): number[] {
    const refused: number[] = [];
    for (let at = 0; at < rows.length; at += TOGETHER) refused.push(...this.#insertSome(rows.slice(at, at + TOGETHER)));
    return refused;
  }

  move({ row, place, retries, dead }: Move): void {
    const found = this.#find.get(row);
    const scanned = found === undefined ? undefined : judge(found);
    // A row that has been damaged meanwhile keeps its wrong checksum.
    if (scanned === undefined || scanned.state === "damaged") return;
    const fate = writeFate({ place, retries, dead });
    this.#move.run(fate, checksum(row, fate, scanned.row.record), row);
  }

  remove(rows: Batch["removals"]): void {
    for (const row of rows) this.#remove.run(row);
  }

  reserved(): number {
    return Number(this.#reserved.get()?.["value"]);
  }

  reserve(upTo: number): void {
    this.#reserve.run(upTo);
  }

  #insertSome(rows: readonly Row[]): number[] {
    if (rows.length < TOGETHER) return this.#insertEach(rows);
    try {
      this.#insertMany.run(...rows.flatMap(valuesOf));
      return [];
    } catch (error) {
      if (kindOf(error) !== "row") throw error;
      return this.#insertEach(rows);
    }
  }

  #insertEach(rows: readonly Row[]): number[] {
    return rows.filter((row) => !this.#inserted(row)).map(({ row }) => row);
  }

  #inserted(row: Row): boolean {
    try {
      this.#insertOne.run(...valuesOf(row));
      return true;
    } catch (error) {
      if (kindOf(error) !== "row") throw error;
      return false;
    }
  }
}

function valuesOf({ row, retries, record }: Row): Value[] {
  const fate = newFate(row, retries);
  return [row, record, fate, checksum(row, fate, record)];
}
