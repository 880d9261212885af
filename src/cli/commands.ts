/** What gearmand-ts does besides serving: `gearmand-ts NAME ...`. */
export interface Command {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Does it; resolves with the exit status. Rejects with what is to be said on stderr. */
  readonly run: (tokens: readonly string[]) => Promise<number>;
}

/** THE table of sub-commands: dispatch and help are made from it. Each is loaded only when it is asked for. */
export const COMMANDS: readonly Command[] = [
  {
    name: "import",
    summary: "bring gearmand's SQLite queue into a data directory",
    run: async (tokens) => (await import("./import/import.ts")).importQueue(tokens),
  },
  {
    name: "store",
    summary: "look into a data directory, or save what is whole of a damaged one",
    run: async (tokens) => (await import("./store/store.ts")).runStore(tokens),
  },
];

export const commandOf = (name: string | undefined): Command | undefined =>
  COMMANDS.find((command) => command.name === name);
