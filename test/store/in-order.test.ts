import fc from "fast-check";
import { expect, test } from "vitest";
import type { Row } from "../../src/store/rows.ts";
import { inOrder } from "../../src/store/sqlite/in-order.ts";
import { check, printSeed } from "./support.ts";

printSeed("in order");

/** Rows by number; those of `moves` were given back, in that order, and some of them were removed. */
function rowsOf(count: number, moves: readonly number[], removed: ReadonlySet<number>): Row[] {
  const places = new Map(Array.from({ length: count }, (_, n) => [n + 1, n + 1]));
  let last = count;
  for (const move of moves) if (count > 0) places.set((move % count) + 1, ++last);
  const rows = [...places].map(([row, place]) => ({ row, place, retries: 0, record: Buffer.alloc(row % 7) }));
  return rows.filter(({ row }) => !removed.has(row));
}

test("rows are handed over by place", () => {
  check(
    fc.property(
      fc.nat(60),
      fc.array(fc.nat(), { maxLength: 60 }),
      fc.uniqueArray(fc.nat(60)),
      (count, moves, removed) => {
        const rows = rowsOf(count, moves, new Set(removed));
        const sent: Row[] = [];
        inOrder(rows, (some) => sent.push(...some));
        expect(sent).toEqual([...rows].sort((a, b) => a.place - b.place));
      },
    ),
  );
});

test("a row that was given back stands among those that came later, too", () => {
  const record = Buffer.alloc(0);
  const rows = [
    { row: 1, place: 3, retries: 1, record },
    { row: 2, place: 2, retries: 0, record },
    { row: 4, place: 4, retries: 0, record },
  ];
  const sent: number[] = [];
  inOrder(rows, (some) => sent.push(...some.map(({ row }) => row)));
  expect(sent).toEqual([2, 1, 4]);
});

test("large rows are not handed over all at once, and no empty pieces are", () => {
  const record = Buffer.alloc(300 * 1024);
  const rows = Array.from({ length: 8 }, (_, n) => ({ row: n, place: n, retries: 0, record }));
  const pieces: number[] = [];
  inOrder(rows, (some) => pieces.push(some.length));
  inOrder([], (some) => pieces.push(some.length));
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.reduce((sum, count) => sum + count)).toBe(8);
  expect(Math.min(...pieces)).toBeGreaterThan(0);
});
