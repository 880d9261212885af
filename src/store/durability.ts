/** How safe a stored job is. */
export interface Durability {
  /** SQLite's setting. https://www.sqlite.org/pragma.html#pragma_synchronous */
  readonly synchronous: "FULL" | "NORMAL" | "OFF" | undefined;
  /** What becomes of acknowledged background jobs when the process ends at any moment. */
  readonly crash: string;
  /** What becomes of them when the machine does. */
  readonly powerLoss: string;
}

/** THE table of durability modes: flags, the line at start, the text protocol and docs are made from it. */
export const DURABILITIES = {
  full: { synchronous: "FULL", crash: "none is lost", powerLoss: "none is lost" },
  normal: { synchronous: "NORMAL", crash: "none is lost", powerLoss: "the last ones may be lost" },
  off: { synchronous: "OFF", crash: "none is lost", powerLoss: "all may be lost" },
  memory: { synchronous: undefined, crash: "all are lost", powerLoss: "all are lost" },
  shutdown: { synchronous: undefined, crash: "all are lost, a clean stop keeps them", powerLoss: "all are lost" },
} as const satisfies Record<string, Durability>;

export type DurabilityName = keyof typeof DURABILITIES;

/** The modes of a data directory. */
export const STORED_DURABILITIES = ["full", "normal", "off"] as const satisfies readonly DurabilityName[];
export type StoredDurability = (typeof STORED_DURABILITIES)[number];

/** For the line at start. */
export function durabilityText(name: DurabilityName): string {
  const { crash, powerLoss } = DURABILITIES[name];
  return `durability ${name}: of acknowledged background jobs, ${crash} in a crash of the server, and ${powerLoss} in a power cut`;
}
