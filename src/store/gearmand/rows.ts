/** Rows of gearmand's table together with what we know of them. */
import type { JobSpecRecord } from "../../core/job.ts";
import { PRIORITIES } from "../../core/types.ts";
import { asBuffer } from "../../lib/bytes.ts";
import { readRecord } from "../record.ts";
import type { Row } from "../rows.ts";
import { checksum } from "../sqlite/checksum.ts";
import type { Sqlite } from "../sqlite/driver.ts";
import { isFate, readFate } from "../sqlite/fate.ts";
import { HIGHEST } from "../sqlite/scan.ts";
import { bufferOf, jobIn } from "../sqlite/stored.ts";
import { fits, isOurs, isPlain, uniqueOf } from "./keys.ts";
import type { TableNames } from "./schema.ts";

/** As {@link selectPairs} gives it. */
export type Pair = Record<string, unknown>;

/** Names come as BLOB: they need not be UTF-8. Integers come as REAL: what somebody else has written can be beyond what a number holds. */
const NAMES =
  "CAST(q.rowid AS REAL) AS id, CAST(q.unique_key AS BLOB) AS key, CAST(q.function_name AS BLOB) AS fn, a.record";

const REST =
  "CAST(q.priority AS REAL) AS priority, CAST(q.data AS BLOB) AS data, CAST(q.when_to_run AS REAL) AS epoch, a.fate, CAST(a.sum AS REAL) AS sum";

/** The beginning of a select of what {@link originOf} asks for. */
export const selectNames = ({ queue, about }: TableNames, rest = ""): string =>
  `SELECT ${NAMES}${rest} FROM ${queue} AS q LEFT JOIN ${about} AS a ON a.id = q.rowid`;

/** The beginning of a select of pairs. */
export const selectPairs = (names: TableNames): string => selectNames(names, `, ${REST}`);

const textOf = (bytes: unknown): string => bufferOf(bytes).toString("latin1");

export const idOf = ({ id }: Pair): number => Number(id);

export const keyText = ({ key }: Pair): string => textOf(key);

/** Tells whether a row of the table has those names. */
export type Finder = (unique: string, fn: string) => boolean;

export function finderOf(db: Sqlite, queue: string): Finder {
  const find = db.prepare(
    `SELECT 1 FROM ${queue} WHERE unique_key = CAST(? AS TEXT) AND function_name = coalesce(CAST(? AS TEXT), '')`,
  );
  return (unique, fn) => find.get(asBuffer(unique), asBuffer(fn)) !== undefined;
}

/**
 * What came of a row: it is as we know it, as far as its names tell; somebody else has written it; or it, or what we know of it, is damaged,
 * and both are to stay.
 */
export function originOf(pair: Pair, find: Finder): "ours" | "strange" | "damaged" {
  const { record, key } = pair;
  const id = idOf(pair);
  if (id >= HIGHEST) return "damaged";
  if (record === null) return "strange";
  if (isKnown(pair)) return "ours";
  const job = jobIn(bufferOf(record));
  if (job === undefined || isOurs(textOf(key), id)) return "damaged";
  // Row ids come to other jobs by a dump: then what we know is of another row, which is there, too.
  return isPlain(job.unique) && !find(job.unique, job.function) ? "damaged" : "strange";
}

/** Whether what we know is of that row. */
function isKnown({ id, key, fn, record }: Pair): boolean {
  const job = jobIn(bufferOf(record));
  return job !== undefined && job.function === textOf(fn) && fits(textOf(key), job.unique, Number(id));
}

/** The row as it was stored; undefined: it is damaged, or nothing is known of it. */
export function knownRow(pair: Pair): Row | undefined {
  const { priority, epoch } = pair;
  const whole = isKnown(pair) ? wholeOf(pair) : undefined;
  if (whole === undefined) return undefined;
  const job = readRecord(whole.record);
  return job.priority === priority && job.epoch === epoch ? whole : undefined;
}

/** Whether what we know is whole, and yet cannot be read: a newer gearmand-ts has written it. */
export const isNewer = (pair: Pair): boolean =>
  wholeOf(pair) !== undefined && jobIn(bufferOf(pair["record"])) === undefined;

/** Undefined: the checksum is wrong. */
function wholeOf(pair: Pair): Row | undefined {
  const { data, fate, sum } = pair;
  if (!isFate(fate)) return undefined;
  const [row, record] = [idOf(pair), Buffer.concat([bufferOf(pair["record"]), bufferOf(data)])];
  if (checksum(row, fate, record) !== sum) return undefined;
  const { place, retries } = readFate(fate, row);
  return { row, record, place, retries };
}

/** The longest unique that a packet may hold. */
const LONGEST_UNIQUE = 64;

/** The job of a row that somebody else has written; undefined: it can be none. */
export function strangerOf({ key, fn, priority, data, epoch }: Pair, handle: string): JobSpecRecord | undefined {
  const [unique, name] = [uniqueOf(textOf(key)), textOf(fn)];
  const known = PRIORITIES.find((one) => one === priority);
  if (known === undefined || unique.length > LONGEST_UNIQUE || `${unique}${name}`.includes("\0")) return undefined;
  return {
    handle,
    unique,
    function: name,
    priority: known,
    epoch: Math.max(0, Math.trunc(Number(epoch))),
    reducer: "",
    workload: bufferOf(data),
  };
}
