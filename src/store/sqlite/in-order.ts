import { Schedule, type Scheduled } from "../../core/schedule.ts";
import { ROW_HEAD, type Row } from "../rows.ts";

/** Bytes that are handed over at once. Workloads are views of a piece, so one job that stays holds the whole of it in memory. */
const PIECE = 64 * 1024;

/** A row that was given back, and so stands further back than its number says. */
class Later implements Scheduled {
  heapIndex = -1;
  setAs = 0;
  dueAt = 0;
  readonly row: Row;

  constructor(row: Row) {
    this.row = row;
  }
}

/** Hands over rows that come by number in the order of their places, some at a time. No place is before its row's number. */
export function inOrder(rows: Iterable<Row>, send: (rows: readonly Row[]) => void): void {
  let piece: Row[] = [];
  let size = 0;
  for (const row of byPlace(rows)) {
    piece.push(row);
    size += ROW_HEAD + row.record.length;
    if (size < PIECE) continue;
    send(piece);
    piece = [];
    size = 0;
  }
  if (piece.length > 0) send(piece);
}

function* byPlace(rows: Iterable<Row>): Generator<Row> {
  const later = new Schedule<Later>();
  const due = function* (place: number): Generator<Row> {
    for (let next = later.takeDue(place); next !== undefined; next = later.takeDue(place)) yield next.row;
  };
  for (const row of rows) {
    if (later.next < row.row) yield* due(row.row);
    if (row.place === row.row) yield row;
    else later.set(new Later(row), row.place);
  }
  yield* due(Number.POSITIVE_INFINITY);
}
