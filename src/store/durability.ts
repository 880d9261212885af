/** How safe a stored job is. */
export interface Durability {
  /** SQLite's setting. https://www.sqlite.org/pragma.html#pragma_synchronous */
  readonly synchronous: "FULL" | "NORMAL" | "OFF" | undefined;
  /** Which acknowledged background jobs are lost when the process ends at any moment. */
  readonly crash: string;
  /** Which are when the machine does. */
  readonly powerLoss: string;
}

/** THE table of durability modes: flags, the line at start, the text protocol and docs are made from it. */
export const DURABILITIES = {
  full: { synchronous: "FULL", crash: "none", powerLoss: "none" },
  normal: { synchronous: "NORMAL", crash: "none", powerLoss: "perhaps the last ones" },
  off: { synchronous: "OFF", crash: "none", powerLoss: "perhaps all" },
  memory: { synchronous: undefined, crash: "all", powerLoss: "all" },
  shutdown: { synchronous: undefined, crash: "all (a clean stop keeps them)", powerLoss: "all" },
} as const satisfies Record<string, Durability>;

export type DurabilityName = keyof typeof DURABILITIES;

/** The modes of a data directory. */
export const STORED_DURABILITIES = ["full", "normal", "off"] as const satisfies readonly DurabilityName[];
export type StoredDurability = (typeof STORED_DURABILITIES)[number];

/** Of who does not ask for one. */
export const DEFAULT_DURABILITY: StoredDurability = "full";

/** For the line at start. */
export function durabilityText(name: DurabilityName): string {
  const { crash, powerLoss } = DURABILITIES[name];
  return `durability ${name}: of acknowledged background jobs a crash of the server loses ${crash}, a power cut ${powerLoss}`;
}
