import { MIGRATIONS } from "../../src/store/sqlite/schema.ts";

/** The formats, and two that there are not: for tests of what there will be. */
export const NEXT: readonly string[] = [
  ...MIGRATIONS,
  "ALTER TABLE job ADD COLUMN extra INTEGER NOT NULL DEFAULT 7; CREATE TABLE later (a); INSERT INTO later SELECT id FROM job;",
  "UPDATE job SET extra = id; DROP TABLE later; CREATE INDEX extra ON job (extra)",
];
