/** Measurements that have names: done one after the other, printed, and each saved as soon as it is there, as some take long. */
import { readResults, save } from "./results.ts";
import { type Row, table } from "./rows.ts";

export type Measurement<Ground> = (ground: Ground) => Promise<readonly Row[]>;

/** By name, in the order in which they are done. */
export type Measurements = ReadonlyMap<string, () => Promise<readonly Row[]>>;

/**
 * Some of these, on this ground.
 *
 * @param names of those
 */
export function chosen<Ground>(
  measurements: Readonly<Record<string, Measurement<Ground>>>,
  names: readonly string[],
  ground: Ground,
): Measurements {
  const all = new Map<string, () => Promise<readonly Row[]>>();
  for (const name of names) {
    const measure = measurements[name];
    if (measure === undefined) throw new Error(`--only: there is no ${name}`);
    all.set(name, () => measure(ground));
  }
  return all;
}

/** Tells who waits what is measured now, beside the figures: on stderr. */
export const announce = (index: number, all: number, name: string): void =>
  console.error(`${index + 1} of ${all}: ${name}`);

/** @param saves whether docs/performance.json is written */
export async function measureAll(
  part: "durable" | "scale" | "peers" | "tls",
  measurements: Measurements,
  saves: boolean,
): Promise<void> {
  for (const [index, [name, measure]] of [...measurements].entries()) {
    announce(index, measurements.size, name);
    const rows = await measure();
    console.log(`${name}\n\n${table(rows)}\n`);
    if (saves) save(part, { ...readResults()[part]?.figures, [name]: rows });
  }
}
