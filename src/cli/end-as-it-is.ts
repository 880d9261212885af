import { StoreError } from "../store/store-error.ts";

/** At once, whatever a thread of ours waits for, and without closing a database. The first process of a container is spared its own signals. */
export const endBy = (signal: NodeJS.Signals): never => {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  return process.abort();
};

/** After an error of a store: nothing more may be written, but exiting would close the database, and closing writes. */
export const endAsItIs = (): never => endBy("SIGKILL");

/** Whether the error is, or comes from, one that a store cannot go on after. */
export const isFatal = (error: unknown): boolean => {
  if (error instanceof StoreError) return error.kind === "fatal";
  return error instanceof Error && isFatal(error.cause);
};
