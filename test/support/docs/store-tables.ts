import { EXIT_STATUS } from "../../../src/cli/store/exit-status.ts";
import { DURABILITIES } from "../../../src/store/durability.ts";
import { STORE_FIGURES } from "../../../src/store/store.ts";
import { markdownTable } from "./fill.ts";

/** Every durability mode, and what acknowledged background jobs survive in it. */
export const durabilityTable = (): string =>
  markdownTable(
    ["Mode", "A crash of the server loses", "A power cut loses"],
    Object.entries(DURABILITIES).map(([name, { crash, powerLoss }]) => [`\`${name}\``, crash, powerLoss]),
  );

/** What a store counts. */
export const storeTable = (): string =>
  markdownTable(
    ["Figure", "Tells"],
    Object.entries(STORE_FIGURES).map(([name, meaning]) => [`\`${name}\``, meaning]),
  );

/** How the store commands end. */
export const endingTable = (): string =>
  markdownTable(
    ["Exit status", "When"],
    Object.values(EXIT_STATUS).map(({ code, when }) => [`${code}`, when]),
  );
