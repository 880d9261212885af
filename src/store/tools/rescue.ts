/** Reads what can be read of a damaged database: page by page, whatever the tree is like. A row's checksum says whether it is whole. */
import type { Value } from "../sqlite/driver.ts";
import { isReserved } from "../sqlite/handle-numbers.ts";
import { PageUse } from "./page-use.ts";
import type { Pages } from "./raw-pages.ts";
import {
  type Cell,
  childrenOf,
  isFilled,
  readCell,
  readIndexRow,
  readRow,
  readTreePage,
  type TreePage,
} from "./raw-tree.ts";

/** The columns of a row of the table of jobs. */
export interface FoundRow {
  readonly id: number;
  readonly record: Value;
  readonly fate: Value;
  readonly sum: Value;
}

export type Rescued =
  /** `certain`: it was in use. If not, it may be of a job that is done, in room that was given up. */
  | { readonly kind: "row"; readonly found: FoundRow; readonly certain: boolean }
  /** Up to which number handles are reserved. */
  | { readonly kind: "numbers"; readonly value: number }
  /** There were rows, or may have been. */
  | { readonly kind: "loss"; readonly page: number; readonly what: string };

/** The number, which is a column of its own to SQLite, the record, the fate, the sum. */
const COLUMNS = 4;
const SCHEMA = 1;

/** All that one page after the other has. */
export function* rescue(pages: Pages): Generator<readonly Rescued[]> {
  const use = new PageUse(pages);
  for (let page = 1; page <= pages.count; page++) {
    const of = use.of(page);
    if (use.isDamagedMap(page)) yield [lossAt(page, "a damaged map of the pages that are in use")];
    else yield of === "other" || page === SCHEMA ? [] : fromPage(pages, page, of === "tree");
  }
}

function fromPage(pages: Pages, page: number, certain: boolean): Rescued[] {
  const bytes = pages.read(page);
  if (bytes === undefined) return [lossAt(page, "a page that cannot be read")];
  const tree = readTreePage(page, bytes);
  if (tree?.kind === "leaf") return fromLeaf(pages, tree, certain);
  const numbers = tree?.kind === "index" ? tree.cells.flatMap((at) => numbersIn(readIndexRow(bytes, at))) : [];
  if (numbers.length > 0) return numbers;
  if (!certain || (tree?.kind === "branch" && isWhole(tree, pages.count))) return [];
  return [lossAt(page, "a damaged page"), ...swept(pages, bytes, new Set())];
}

const lossAt = (page: number, what: string): Rescued => ({ kind: "loss", page, what });

/** Whether there are all the pages that a branch points to: a leaf may look like a branch. */
const isWhole = (branch: TreePage, count: number): boolean =>
  childrenOf(branch).every((child) => child > SCHEMA && child <= count);

const numbersIn = ([name, value]: readonly Value[]): Rescued[] =>
  isReserved(name, value) ? [{ kind: "numbers", value }] : [];

function fromLeaf(pages: Pages, tree: TreePage, certain: boolean): Rescued[] {
  const { page, bytes, cells } = tree;
  const read = cells.map((at) => ({ at, row: rowAt(pages, bytes, at) }));
  const rows = read.flatMap(({ row }) => (row === undefined ? [] : [asFound(row, certain)]));
  const lost = read.filter(({ row }) => row === undefined).map(({ at }) => lossAt(page, `a damaged row at byte ${at}`));
  if (lost.length === 0 && !isFilled(tree)) lost.push(lossAt(page, "a page with room of which nothing tells"));
  return lost.length === 0 ? rows : [...rows, ...lost, ...swept(pages, bytes, new Set(cells))];
}

const asFound = (found: FoundRow, certain: boolean): Rescued => ({ kind: "row", found, certain });

/** What of a page looks like rows, wherever it begins. */
function swept(pages: Pages, bytes: Buffer, known: ReadonlySet<number>): Rescued[] {
  const offsets = [...bytes.keys()].filter((at) => !known.has(at));
  return offsets.flatMap((at) => rowAt(pages, bytes, at) ?? []).map((row) => asFound(row, false));
}

function rowAt(pages: Pages, bytes: Buffer, at: number): FoundRow | undefined {
  const cell = readCell(bytes, at);
  if (cell === undefined || !isJob(cell, pages)) return undefined;
  const [, record = null, fate = null, sum = null] = readRow(pages, bytes, cell);
  return { id: cell.id, record, fate, sum };
}

/** A job is no larger than the file, and its record is bytes. */
function isJob({ shape: { types, size } }: Cell, pages: Pages): boolean {
  const [id, record = 0] = types;
  return types.length === COLUMNS && id === 0 && record >= 12 && record % 2 === 0 && size <= pages.count * pages.size;
}
