import { FLAGS as GEARADMIN_FLAGS } from "../../../src/cli/gearadmin/flags.ts";
import { fill } from "./fill.ts";
import { flagTables } from "./flag-tables.ts";
import { flagsPage } from "./flags-page.ts";
import { GEARMAN_TABLES } from "./gearman-tables.ts";
import { libraryErrorTable } from "./library-errors.ts";
import { durableTable, peersTable, scaleTable, speedTable, tlsTable } from "./performance.ts";
import { scaleChart } from "./scale-chart.ts";
import { speedChart } from "./speed-chart.ts";
import { durabilityTable, endingTable, storeTable } from "./store-tables.ts";
import { commandTable, counterTable, differenceTable, errorTable, packetTable } from "./tables.ts";
import { topPicture } from "./top-picture.ts";

const gearadminFlags = (): string => flagTables(GEARADMIN_FLAGS, "C gearadmin", "###");

/** The pages of docs/ that are made from tables in the source, or hold such tables. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "flags.md": flagsPage,
  "protocol.md": () => fill("protocol.md", { packets: packetTable, errors: errorTable }),
  "client.md": () => fill("client.md", { errors: libraryErrorTable }),
  "durability.md": () =>
    fill("durability.md", { durabilities: durabilityTable, endings: endingTable, store: storeTable }),
  "admin.md": () => fill("admin.md", { commands: commandTable }),
  "gearman.md": () => fill("gearman.md", GEARMAN_TABLES),
  "gearadmin.md": () => fill("gearadmin.md", { flags: gearadminFlags }),
  "gearadmin-top.svg": topPicture,
  "operations.md": () => fill("operations.md", { counters: counterTable }),
  "performance.md": () =>
    fill("performance.md", {
      speed: speedTable,
      durable: durableTable,
      scale: scaleTable,
      peers: peersTable,
      tls: tlsTable,
    }),
  "performance.svg": speedChart,
  "performance-scale.svg": scaleChart,
  "migration.md": () => fill("migration.md", { differences: differenceTable }),
};
