/** The command line, config file or environment is wrong, or asks for what this machine can't do: the program says so on stderr, and ends. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What a UsageError says that it throws; undefined if it throws nothing. */
export const complaintOf = (act: () => unknown): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
};

/** Does it; a UsageError gets `more` at its end. */
export const complaining = <T>(act: () => T, more: (complaint: string) => string): T => {
  try {
    return act();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(error.message + more(error.message));
    throw error;
  }
};
