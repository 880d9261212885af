/** Brings a data directory to a format that there is not yet, and is killed before one of the statements: `tsx migrating.ts FILE N`. */

import type { Sqlite } from "../../src/store/sqlite/driver.ts";
import { inTransaction, openJobs, setUp } from "../../src/store/sqlite/jobs-database.ts";
import { migrate } from "../../src/store/sqlite/schema.ts";
import { NEXT } from "./next-formats.ts";

const [file = "", at = ""] = process.argv.slice(2);

/** Ends as a crash does, before that statement. */
class Doomed implements Sqlite {
  readonly #db: Sqlite;
  #left = Number(at);

  constructor(db: Sqlite) {
    this.#db = db;
  }

  exec(sql: string): void {
    for (const statement of sql.split(";").filter((text) => text.trim() !== "")) {
      if (this.#left-- === 0) process.kill(process.pid, "SIGKILL");
      this.#db.exec(statement);
    }
  }

  prepare(sql: string): ReturnType<Sqlite["prepare"]> {
    return this.#db.prepare(sql);
  }

  close(): void {
    this.#db.close();
  }
}

const opened = openJobs(file, () => {});
setUp(opened);
const db = new Doomed(opened);
inTransaction(db, () => migrate(db, NEXT));
process.kill(process.pid, "SIGTERM");
