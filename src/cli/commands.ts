/** What gearmand-ts does besides serving: `gearmand-ts NAME ...`. */
export interface Command {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Does it; resolves with the exit status. Rejects with what is to be said on stderr. */
  readonly run: (tokens: readonly string[]) => Promise<number>;
}

/** THE table of sub-commands: dispatch and help are made from it. Each is loaded only when it is asked for. */
export const COMMANDS: readonly Command[] = [];

export const commandOf = (name: string | undefined): Command | undefined =>
  COMMANDS.find((command) => command.name === name);
