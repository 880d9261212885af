import { fill } from "./fill.ts";
import { flagsPage } from "./flags-page.ts";
import { commandTable, counterTable, differenceTable, errorTable, packetTable } from "./tables.ts";

/** The pages of docs/ that are made from tables in the source, or hold such tables. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "flags.md": flagsPage,
  "protocol.md": () => fill("protocol.md", { packets: packetTable, errors: errorTable }),
  "admin.md": () => fill("admin.md", { commands: commandTable }),
  "operations.md": () => fill("operations.md", { counters: counterTable }),
  "migration.md": () => fill("migration.md", { differences: differenceTable }),
};
