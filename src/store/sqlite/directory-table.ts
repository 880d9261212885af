import type { Batch, Move } from "../messages.ts";
import type { Row } from "../rows.ts";
import { StoreError } from "../store-error.ts";
import type { Inventory, JobTable } from "../thread/table.ts";
import { checksum } from "./checksum.ts";
import { kindOf, type Sqlite, type Statement, type Value } from "./driver.ts";
import { newFate, writeFate } from "./fate.ts";
import { NO_NUMBERS, reservedNumbers, reserveNumbers } from "./handle-numbers.ts";
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
    const numbers = reservedNumbers(this.#db);
    if (numbers === undefined) throw noNumbers();
    return numbers;
  }

  reserve(upTo: number): void {
    reserveNumbers(this.#db, upTo);
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

const noNumbers = (): StoreError => {
  const remedy = "`gearmand-ts store salvage DIR NEWDIR` makes a directory that goes on behind them";
  return new StoreError("open", `${NO_NUMBERS}, and they would be given again: ${remedy}`);
};

function valuesOf({ row, retries, record }: Row): Value[] {
  const fate = newFate(row, retries);
  return [row, record, fate, checksum(row, fate, record)];
}
