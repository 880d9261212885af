/** Pages of b-trees. https://www.sqlite.org/fileformat2.html#b_tree_pages */
import type { Value } from "../sqlite/driver.ts";
import { beginningOf, type Pages } from "./raw-pages.ts";
import { readShape, readValues, readVarint, type Shape } from "./raw-values.ts";

/** By the first byte of a page. */
const KINDS: readonly (TreePage["kind"] | undefined)[] = ((kinds) => {
  kinds[5] = "branch";
  kinds[10] = "index";
  kinds[13] = "leaf";
  return kinds;
})(new Array(256));

export interface TreePage {
  /** Branches have children; leaves have rows; indexes those of a table without row numbers, of which we have none that needs branches. */
  readonly kind: "branch" | "leaf" | "index";
  readonly page: number;
  readonly bytes: Buffer;
  /** Where its cells begin. */
  readonly cells: readonly number[];
  /** Of a branch; it is none of the cells. */
  readonly lastChild: number;
}

/** Undefined: it is no page of a tree, or a damaged one. */
export function readTreePage(page: number, bytes: Buffer): TreePage | undefined {
  const head = beginningOf(page);
  const kind = KINDS[bytes.readUInt8(head)];
  if (kind === undefined) return undefined;
  const first = head + (kind === "branch" ? 12 : 8);
  const end = first + 2 * bytes.readUInt16BE(head + 3);
  const cells: number[] = [];
  for (let at = first; at < Math.min(end, bytes.length); at += 2) cells.push(bytes.readUInt16BE(at));
  if (cells.some((cell) => cell < end || cell > bytes.length - 4)) return undefined;
  return { kind, page, bytes, cells, lastChild: bytes.readUInt32BE(head + 8) };
}

export const childrenOf = ({ bytes, cells, lastChild }: TreePage): number[] => [
  ...cells.map((at) => bytes.readUInt32BE(at)),
  lastChild,
];

/** A row whose place in a page is known. */
export interface Cell {
  readonly id: number;
  readonly shape: Shape;
  /** Where its payload begins. */
  readonly start: number;
}

/** What begins there in a leaf; undefined: no row does. Payload and record must agree on the size. */
export function readCell(bytes: Buffer, at: number): Cell | undefined {
  const { value: size, end } = readVarint(bytes, at);
  const { value: id, end: start } = readVarint(bytes, end);
  const shape = readShape(bytes, start);
  return shape?.size === size ? { id, shape, start } : undefined;
}

/** How much of a payload is in the leaf itself. */
function localSize(size: number, pageSize: number): number {
  if (size <= pageSize - 35) return size;
  const least = Math.floor(((pageSize - 12) * 32) / 255) - 23;
  const most = least + ((size - least) % (pageSize - 4));
  return most <= pageSize - 35 ? most : least;
}

/** Where a row that is in the page ends: what does not fit in is in other pages, whose first has its number behind the rest. */
function endOf(bytes: Buffer, at: number): number {
  const { shape, start } = readCell(bytes, at) as Cell;
  const local = localSize(shape.size, bytes.length);
  return start + local + (local < shape.size ? 4 : 0);
}

/** Of a leaf whose rows can all be read: whether they and the list of free pieces fill it: if not, there may be rows that its head does not tell of. */
export function isFilled({ page, bytes, cells }: TreePage): boolean {
  const head = beginningOf(page);
  if (new Set(cells).size < cells.length) return false;
  let filled = bytes.readUInt16BE(head + 5) + bytes.readUInt8(head + 7);
  for (const at of cells) filled += endOf(bytes, at) - at;
  for (let at = bytes.readUInt16BE(head + 1), last = 0; at > last && at <= bytes.length - 4; ) {
    filled += bytes.readUInt16BE(at + 2);
    [last, at] = [at, bytes.readUInt16BE(at)];
  }
  return filled === bytes.length;
}

/** The values of a row, with those pages that its payload goes on in; zeros for what cannot be read of them. */
export function readRow(pages: Pages, bytes: Buffer, { shape, start }: Cell): Value[] {
  const payload = Buffer.alloc(shape.size);
  const local = localSize(shape.size, pages.size);
  bytes.copy(payload, 0, start, start + local);
  let next = local < shape.size && start + local + 4 <= bytes.length ? bytes.readUInt32BE(start + local) : 0;
  for (let at = local; at < payload.length && next > 0; at += pages.size - 4) {
    const more = pages.read(next);
    more?.copy(payload, at, 4);
    next = more?.readUInt32BE(0) ?? 0;
  }
  return readValues(shape, payload);
}

/** The values of a row without a number, as far as they are in the page. */
export function readIndexRow(bytes: Buffer, at: number): Value[] {
  const { end } = readVarint(bytes, at);
  const shape = readShape(bytes, end);
  if (shape === undefined || end + shape.size > bytes.length) return [];
  return readValues(shape, bytes.subarray(end, end + shape.size));
}
