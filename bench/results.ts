/** docs/performance.json: what was measured last, of which `npm run docs` makes docs/performance.md. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Row } from "./rows.ts";
import { type Machine, machine } from "./speed/machine.ts";
import type { Comparison } from "./speed/report.ts";

const FILE = new URL("../docs/performance.json", import.meta.url);

/** What one bench has measured, and on what. */
export interface Measured<Figures> {
  readonly machine: Machine;
  readonly figures: Figures;
}

/** A part for each bench that saves. */
export interface Results {
  readonly speed?: Measured<readonly Comparison[]>;
  readonly durable?: Measured<Readonly<Record<string, readonly Row[]>>>;
  readonly scale?: Measured<Readonly<Record<string, readonly Row[]>>>;
  readonly peers?: Measured<Readonly<Record<string, readonly Row[]>>>;
  readonly tls?: Measured<Readonly<Record<string, readonly Row[]>>>;
}

export const readResults = (): Results => JSON.parse(readFileSync(FILE, "utf8")) as Results;

/**
 * Replaces one part.
 *
 * @param newer another Node that was measured
 */
export function save<Part extends keyof Results>(
  part: Part,
  figures: NonNullable<Results[Part]>["figures"],
  newer?: string,
): void {
  const results = { ...readResults(), [part]: { machine: machine(newer), figures } };
  writeFileSync(FILE, `${JSON.stringify(results, undefined, 2)}\n`);
}
