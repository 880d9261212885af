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
