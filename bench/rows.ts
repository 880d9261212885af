/** What was measured, as rows of a table. */

export interface Row {
  readonly measure: string;
  /** Of which server, or of which beside which. */
  readonly of: string;
  /** One of each round. */
  readonly values: readonly number[];
  readonly unit: string;
  /** Of a curve: where on its axis. */
  readonly at?: number;
  /** What it should be. */
  readonly goal?: string;
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

export const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? 0;

/** How often one goes into the other, round by round: what disturbs a round disturbs both. */
export const ratio = (over: Row, under: Row, goal: string): Row => ({
  measure: over.measure,
  of: `${over.of} : ${under.of}`,
  values: over.values.map((value, round) => value / (under.values[round] ?? 0)),
  unit: "x",
  goal,
});

/** Gathers values under names, in the order in which the names first came. */
export class Rows {
  readonly #rows: Map<string, Row & { values: number[] }> = new Map();

  add(measure: string, of: string, value: number, unit: string, goal?: string): void {
    const key = `${measure}\0${of}`;
    const row = this.#rows.get(key);
    if (row !== undefined) row.values.push(value);
    else this.#rows.set(key, { measure, of, values: [value], unit, ...(goal !== undefined && { goal }) });
  }

  get(measure: string, of: string): Row {
    return this.#rows.get(`${measure}\0${of}`) ?? { measure, of, values: [], unit: "" };
  }

  all(): Row[] {
    return [...this.#rows.values()];
  }
}

/** Three digits that count. */
const short = (value: number): string =>
  Number(value.toPrecision(value >= 1000 ? 4 : 3)).toLocaleString("en", { maximumFractionDigits: 3 });

/** Of a table: what {@link HEAD} names. */
export const cells = ({ measure, at, of, values, unit, goal = "" }: Row): string[] => {
  const all = sorted(values);
  return [
    at === undefined ? measure : `${measure}: ${at}`,
    of,
    short(median(all)),
    `${short(all[0] ?? 0)} to ${short(all.at(-1) ?? 0)}`,
    unit,
    goal.replace("<=", "≤").replace(">=", "≥"),
  ];
};

export const HEAD: readonly string[] = ["Measure", "Of", "Median", "Least to most", "Unit", "Goal"];

export function table(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
