/**
 * Which pages are in use: a page that was freed still has its rows, and those jobs are done. A database that can give room back has a map
 * that says so. https://www.sqlite.org/fileformat2.html#pointer_map_or_ptrmap_pages
 */
import type { Pages } from "./raw-pages.ts";
import { childrenOf, readCell, readRow, readTreePage } from "./raw-tree.ts";

/** `unknown`: the map is damaged there, or says something else than the tree. */
export type Use = "tree" | "other" | "unknown";

/** By the types of the map: root, free, two kinds of overflow, tree. */
const USES: readonly Use[] = ["unknown", "tree", "other", "other", "other", "tree"];
const ENTRY = 5;

/** The column of the table of tables that says where a table begins. */
const ROOT = 3;

/** SQLite locks bytes of it, and keeps nothing in it. */
const LOCK_AT = 2 ** 30;

/** The page that tells of this page; itself, if it is one of the map. */
function mapPageOf(page: number, size: number): number {
  const each = Math.floor(size / ENTRY) + 1;
  return Math.floor((page - 2) / each) * each + 2;
}

export class PageUse {
  readonly #pages: Pages;
  /** Pages that another points to. */
  readonly #claimed: Uint8Array;

  /** Reads all branches. */
  constructor(pages: Pages) {
    this.#pages = pages;
    this.#claimed = new Uint8Array(pages.count + 1);
    this.#claim(this.#roots());
    for (let page = 1; page <= pages.count; page++) this.#claimChildren(page);
  }

  of(page: number): Use {
    if (page === 1) return "tree";
    const mapped = this.#mapped(page);
    if (this.#claimed[page] !== 1) return mapped;
    return mapped === "other" ? "unknown" : "tree";
  }

  /** Whether a page of the map lacks something of the pages that it tells of. Other pages lack nothing. */
  isDamagedMap(page: number): boolean {
    const { size, count } = this.#pages;
    if (page === 1 || mapPageOf(page, size) !== page) return false;
    for (let one = page + 1; one <= count && mapPageOf(one, size) === page; one++)
      if (this.#mapped(one) === "unknown" && one !== LOCK_AT / size + 1) return true;
    return false;
  }

  #mapped(page: number): Use {
    const map = mapPageOf(page, this.#pages.size);
    if (map >= page) return "other";
    const type = this.#pages.read(map)?.[ENTRY * (page - map - 1)] ?? 0;
    return USES[type] ?? "unknown";
  }

  #claimChildren(page: number): void {
    if (this.#mapped(page) !== "tree") return;
    const bytes = this.#pages.read(page);
    const branch = bytes && readTreePage(page, bytes);
    if (branch?.kind === "branch") this.#claim(childrenOf(branch));
  }

  #claim(pages: readonly number[]): void {
    for (const page of pages) this.#claimed[page] = 1;
  }

  /** Where the tables begin, by the table of tables. */
  #roots(): number[] {
    const bytes = this.#pages.read(1);
    if (bytes === undefined) return [];
    const cells = readTreePage(1, bytes)?.cells.map((at) => readCell(bytes, at)) ?? [];
    return cells.map((cell) => (cell === undefined ? 0 : Number(readRow(this.#pages, bytes, cell)[ROOT])));
  }
}
