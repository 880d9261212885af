/** Measurements that have names: done one after the other, printed, and each saved as soon as it is there, as some take long. */
import { readResults, save } from "./results.ts";
import { type Row, table } from "./rows.ts";

export type Measurement<Ground> = (ground: Ground) => Promise<readonly Row[]>;

export interface Choice {
  /** Names, parted by commas. */
  readonly only: string;
  readonly save: boolean;
}

export async function measureAll<Ground>(
  part: "durable" | "scale",
  measurements: Readonly<Record<string, Measurement<Ground>>>,
  choice: Choice,
  ground: Ground,
): Promise<void> {
  for (const name of choice.only.split(",")) {
    const measure = measurements[name];
    if (measure === undefined) throw new Error(`--only: there is no ${name}`);
    const rows = await measure(ground);
    console.log(`${name}\n\n${table(rows)}\n`);
    if (choice.save) save(part, { ...readResults()[part]?.figures, [name]: rows });
  }
}
