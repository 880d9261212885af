/** The command line, config file or environment is wrong, or asks for what this machine can't do: `gearmand-ts: message` on stderr, exit 1. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
