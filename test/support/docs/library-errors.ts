import { LIBRARY_ERRORS } from "../../../src/link/errors.ts";
import { markdownTable } from "./fill.ts";

/** Every error of the client and worker library. */
export const libraryErrorTable = (): string =>
  markdownTable(
    ["`code`", "`next`", "When"],
    Object.entries(LIBRARY_ERRORS).map(([code, { then, when }]) => [`\`${code}\``, `\`${then}\``, when]),
  );
