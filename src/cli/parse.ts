import { Command, CommanderError, Option } from "commander";
import { type Flag, type FlagTable, rowsOf, type ValuesOf } from "./flags/flag.ts";
import { complaining, UsageError } from "./usage-error.ts";

export interface Parsed<Table extends FlagTable> {
  readonly values: ValuesOf<Table>;
  /** Words that are neither flags nor their arguments. */
  readonly words: readonly string[];
}

const usage = (name: string, { short, argument }: Flag): string => {
  const argumentPart = argument ? ` <${argument}>` : "";
  return name === short ? `-${short}` : `${short ? `-${short}, ` : ""}--${name}${argumentPart}`;
};

export const commanderOption = (name: string, flag: Flag): Option => {
  const { parse, repeatable, group, help, rare } = flag;
  const option = new Option(usage(name, flag), help).helpGroup(`${group}:`).hideHelp(rare ?? false);
  if (parse && repeatable) {
    option.argParser((text: string, previous: readonly unknown[] = []): readonly unknown[] => [
      ...previous,
      parse(text, name),
    ]);
  } else if (parse) {
    option.argParser((text: string) => parse(text, name));
  } else if (repeatable) {
    option.argParser((_text: string, previous: number = 0): number => previous + 1);
  }
  return option;
};

/** A commander program with the flags of the table that fails with gearmand's texts. */
const program = (table: FlagTable, options: ReadonlyMap<string, Option>): Command => {
  const command = new Command().helpOption(false).exitOverride();
  command.configureOutput({ writeErr: () => {}, outputError: () => {} });
  for (const [name, option] of options) {
    command.addOption(option);
    if (!table[name]?.repeatable && !table[name]?.lastCounts) command.on(`option:${option.name()}`, refuseSecond(name));
  }
  return command;
};

const refuseSecond = (name: string): (() => void) => {
  let seen = false;
  return () => {
    if (seen) throw new UsageError(`option '--${name}' cannot be specified more than once`);
    seen = true;
  };
};

const missingArgument = (error: unknown): UsageError | undefined => {
  if (!(error instanceof CommanderError) || error.code !== "commander.optionMissingArgument") return undefined;
  const [option] = /--[\w-]+/.exec(error.message) ?? [];
  return new UsageError(`the required argument for option '${option}' is missing`);
};

const refuseEmptyArguments = (table: FlagTable, tokens: readonly string[]): void => {
  for (const [name, { argument }] of rowsOf(table)) {
    if (argument && tokens.includes(`--${name}=`)) {
      throw new UsageError(`the argument for option '--${name}' should follow immediately after the equal sign`);
    }
  }
};

const unknownFlag = (table: FlagTable, token: string): UsageError => {
  const [, name = ""] = /^--([^=]+)=/.exec(token) ?? [];
  return Object.hasOwn(table, name)
    ? new UsageError(`option '--${name}' does not take any arguments`)
    : new UsageError(`unrecognised option '${token}'`);
};

/** Flags among the tokens, by the table; no abbreviations. Throws UsageError with gearmand's text. */
export const parseTokens = <Table extends FlagTable>(table: Table, tokens: readonly string[]): Parsed<Table> => {
  refuseEmptyArguments(table, tokens);
  const options = new Map(rowsOf(table).map(([name, flag]) => [name, commanderOption(name, flag)]));
  const command = program(table, options);
  try {
    const { operands, unknown } = command.parseOptions([...tokens]);
    if (unknown[0] !== undefined) throw unknownFlag(table, unknown[0]);
    const given = command.opts<Record<string, unknown>>();
    const values = [...options].map(([name, option]) => [name, given[option.attributeName()]]);
    return { values: Object.fromEntries(values.filter(([, value]) => value !== undefined)), words: operands };
  } catch (error) {
    throw missingArgument(error) ?? error;
  }
};

/** The same for the programs that say more than gearmand: what to do next, too. */
export const parseHinting = <Table extends FlagTable>(table: Table, tokens: readonly string[]): Parsed<Table> =>
  complaining(
    () => parseTokens(table, tokens),
    () => "; --help lists the flags",
  );
