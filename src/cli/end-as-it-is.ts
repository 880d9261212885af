import { StoreError } from "../store/store-error.ts";

/** After an error of a store: nothing more may be written, but exiting would close the database, and closing writes. */
export const endAsItIs = (): void => void process.kill(process.pid, "SIGKILL");

/** Whether the error is, or comes from, one that a store cannot go on after. */
export const isFatal = (error: unknown): boolean => {
  if (error instanceof StoreError) return error.kind === "fatal";
  return error instanceof Error && isFatal(error.cause);
};
