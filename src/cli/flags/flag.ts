/** Turns an argument into a value, or throws UsageError with gearmand's text. */
export type Parse<T> = (text: string, option: string) => T;

/** A row of the flag table. The command line, config file, help and the page of flags in docs/ are made from it. */
export interface Flag<T = unknown> {
  readonly short?: string;
  /** What stands for the argument in the help; without it the flag is a switch. */
  readonly argument?: string;
  readonly parse?: Parse<T>;
  /** The default as people read it. */
  readonly default?: string;
  /** The heading under which help and docs show it. */
  readonly group: string;
  /** One line for `--help`. */
  readonly help: string;
  /** What the docs page says beyond that. */
  readonly more?: string;
  readonly environment?: string;
  /** May be given several times: the values make a list, a switch is counted. Else twice is an error, as in gearmand. */
  readonly repeatable?: true;
  /** May be given again, and then the last one counts, as getopt's programs have it. */
  readonly lastCounts?: true;
  /** Accepted so that old command lines keep working, and said at start to do nothing; the text says why. */
  readonly ignored?: string;
  /** Refused at start; the text says why and what to do. */
  readonly refused?: string;
  /** Not in the C program. */
  readonly ours?: true;
  /** Left out of `--help`, not of the docs. */
  readonly rare?: true;
}

/** The value that a flag gives: a list, a count, what `parse` returns, or true. */
export type ValueOf<F> = F extends { parse: Parse<infer T> }
  ? F extends { repeatable: true }
    ? readonly T[]
    : T
  : F extends { repeatable: true }
    ? number
    : true;

/** The flags of a program, by their long names. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** The flags that were given, with their values. */
export type ValuesOf<Table extends FlagTable> = { readonly [Name in keyof Table]?: ValueOf<Table[Name]> };

/** The rows of a table with their names. */
export const rowsOf = <Table extends FlagTable>(table: Table) =>
  Object.entries(table) as unknown as readonly (readonly [keyof Table & string, Flag])[];
