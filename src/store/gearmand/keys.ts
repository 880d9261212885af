/**
 * gearmand's table has one row per unique and function. What it cannot hold as it is gets a key of ours: jobs without a unique and with
 * `-`, of which there may be many; uniques that another row has just now; and such of 64 bytes, which gearmand cuts, and then never removes.
 */

/** The longest unique that gearmand keeps whole. */
const LONGEST = 63;

type Kind = "empty" | "dash" | "name";

const OURS = /^gearmand-ts:(?<kind>empty|dash|name):[0-9a-f]{8}:(?<row>\d+)$/;

/** What a key of ours stands for without a note of it; that of a name is then all there is. */
const UNIQUES: Readonly<Record<string, string>> = { empty: "", dash: "-" };

/** @param start eight hexadecimal digits, others at each start: rows may get a number again, keys never */
export const reservedKey = (kind: Kind, start: string, row: number): string => `gearmand-ts:${kind}:${start}:${row}`;

/** Whether a unique is its own key, if no other row has it. */
export const isPlain = (unique: string): boolean => unique !== "" && unique !== "-" && unique.length <= LONGEST;

/** The key under which a unique is to be stored. */
export function keyOf(unique: string, start: string, row: number): string {
  if (isPlain(unique)) return unique;
  if (unique === "") return reservedKey("empty", start, row);
  return reservedKey(unique === "-" ? "dash" : "name", start, row);
}

/** The unique of a row of which nothing but its key is known. */
export function uniqueOf(key: string): string {
  const { kind = "name" } = OURS.exec(key)?.groups ?? {};
  return UNIQUES[kind] ?? key;
}

/** Whether we made the key, for that row. */
export const isOurs = (key: string, row: number): boolean => OURS.exec(key)?.groups?.["row"] === String(row);

/** Whether a job with that unique may stand in that row under that key. */
export const fits = (key: string, unique: string, row: number): boolean => key === unique || isOurs(key, row);
