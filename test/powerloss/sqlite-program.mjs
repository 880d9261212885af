/** Commits rows into a SQLite database in WAL mode with synchronous=FULL, and says after each commit how many and when. */
import { DatabaseSync } from "@photostructure/sqlite";

const [folder = "", rows = ""] = process.argv.slice(2);
const database = new DatabaseSync(`${folder}/rows.sqlite`);
database.exec(`PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=50;
  CREATE TABLE row(number INTEGER PRIMARY KEY, text TEXT)`);
const insert = database.prepare("INSERT INTO row VALUES (?, ?)");
const commits = [];
for (let number = 1; number <= Number(rows); number++) {
  insert.run(number, `${number} `.repeat(number % 500));
  commits.push(Number(process.hrtime.bigint()));
}
process.stdout.write(JSON.stringify(commits));
