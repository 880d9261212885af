/** What changes of a job while it is stored, as the column `fate` holds it: JSON, and NULL as long as nothing has changed. */

export interface Fate {
  /** Where it stands in line: its row's number until a worker gave it back. */
  readonly place: number;
  readonly retries: number;
  /** Its retries are spent. */
  readonly dead: boolean;
}

/** As it is in the column. */
export type FateText = string | null;

/** Whether a column may be one; its checksum says whether it is. */
export const isFate = (value: unknown): value is FateText => value === null || typeof value === "string";

export function readFate(fate: FateText, row: number): Fate {
  return { place: row, retries: 0, dead: false, ...(fate === null ? {} : (JSON.parse(fate) as Partial<Fate>)) };
}

export const writeFate = ({ place, retries, dead }: Fate): string =>
  JSON.stringify({ place, retries, ...(dead ? { dead } : {}) });

/** Of a row that is new, which may have been tried elsewhere. */
export const newFate = (row: number, retries: number): FateText =>
  retries === 0 ? null : writeFate({ place: row, retries, dead: false });

/** SQL for the place that a column tells of, and for what stands for it if it tells of none, or is damaged. */
export const placeIn = (column: string, otherwise: string): string =>
  `CASE WHEN json_valid(${column}) THEN coalesce(json_extract(${column}, '$.place'), ${otherwise}) ELSE ${otherwise} END`;
