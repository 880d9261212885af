/** Measurements that have names: done one after the other, printed, and each saved as soon as it is there, as some take long. */
import { readResults, save } from "./results.ts";
import { type Row, table } from "./rows.ts";

export type Measurement<Ground> = (ground: Ground) => Promise<readonly Row[]>;

/** By name, in the order in which they are done. */
export type Measurements = ReadonlyMap<string, () => Promise<readonly Row[]>>;

/**
 * Some of these, on this ground.
 *
 * @param names parted by commas
 */
export function chosen<Ground>(
  measurements: Readonly<Record<string, Measurement<Ground>>>,
  names: string,
  ground: Ground,
): Measurements {
  const all = new Map<string, () => Promise<readonly Row[]>>();
  for (const name of names.split(",")) {
    const measure = measurements[name];
    if (measure === undefined) throw new Error(`--only: there is no ${name}`);
    all.set(name, () => measure(ground));
  }
  return all;
}

/** @param saves whether docs/performance.json is written */
export async function measureAll(
  part: "durable" | "scale" | "peers" | "tls",
  measurements: Measurements,
  saves: boolean,
): Promise<void> {
  for (const [name, measure] of measurements) {
    const rows = await measure();
    console.log(`${name}\n\n${table(rows)}\n`);
    if (saves) save(part, { ...readResults()[part]?.figures, [name]: rows });
  }
}
