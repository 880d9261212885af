/** The head of a database, which its first page begins with. https://www.sqlite.org/fileformat2.html#the_database_header */
import { APPLICATION, MIGRATIONS } from "../sqlite/schema.ts";
import type { Pages } from "./raw-pages.ts";

const MAGIC = "SQLite format 3\0";
const SIZE_AT = 16;
const COUNT_AT = 28;
const FORMAT_AT = 60;
const APPLICATION_AT = 68;

/** What is wrong with the file by what its head says of it; undefined: nothing. */
export function headProblem(pages: Pages): string | undefined {
  const head = pages.read(1);
  if (head === undefined || !isOurs(head, pages.size))
    return "it does not begin as a queue of gearmand-ts does: its beginning is damaged, or it is something else";
  return formatProblem(head.readUInt32BE(FORMAT_AT)) ?? countProblem(head.readUInt32BE(COUNT_AT), pages.count);
}

const isOurs = (head: Buffer, size: number): boolean =>
  head.toString("latin1", 0, MAGIC.length) === MAGIC &&
  head.readUInt16BE(SIZE_AT) === size &&
  head.readUInt32BE(APPLICATION_AT) === APPLICATION;

function formatProblem(format: number): string | undefined {
  if (format <= MIGRATIONS.length) return undefined;
  const formats = `format ${format}, known up to ${MIGRATIONS.length}`;
  return `it was written by a newer gearmand-ts, whose rows this one may not understand (${formats}): use that one`;
}

function countProblem(said: number, count: number): string | undefined {
  if (said > count) return `it was cut off: of its ${said} pages ${said - count} are missing, and the jobs in them`;
  return said < count ? `its size is not what it says: it has ${count} pages, and says ${said}` : undefined;
}
