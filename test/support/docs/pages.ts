import { flagsPage } from "./flags-page.ts";

/** The pages of docs/ that are made from tables in the source. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "flags.md": flagsPage,
};
