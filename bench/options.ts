/** The flags of a bench: read, or refused in one line before anything is built or started. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { fail } from "./fail.ts";
import type { Flag } from "./flags.ts";

type Flags = Readonly<Record<string, Flag<unknown>>>;
type Values<Of extends Flags> = { readonly [Name in keyof Of]: ReturnType<Of[Name]["read"]> };

/**
 * What the command line says; ends with 2 where it is wrong, and with 0 after `--help`.
 *
 * @param command that runs the bench
 * @param positional the flag that is given without its name
 */
export function options<Of extends Flags>(command: string, flags: Of, positional?: keyof Of & string): Values<Of> {
  const given = orWrong(() => parsed(flags, positional));
  if (given["help"] !== undefined) {
    console.log(usage(command, flags, positional));
    process.exit(0);
  }
  const read = ([name, flag]: [string, Flag<unknown>]) => [name, orWrong(() => flag.read(given[name] ?? flag.default))];
  return Object.fromEntries(Object.entries(flags).map(read)) as Values<Of>;
}

export function orWrong<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    return fail(2, `${(error as Error).message}; --help lists the flags (behind \`npm run\` they stand after --)`);
  }
}

/** Texts by name. Of Node's messages the first sentence is enough. */
function parsed(flags: Flags, positional: string | undefined): Readonly<Record<string, string | undefined>> {
  const known: NonNullable<ParseArgsConfig["options"]> = { help: { type: "boolean" } };
  for (const [name, { argument }] of Object.entries(flags)) known[name] = { type: argument ? "string" : "boolean" };
  try {
    const { values, positionals } = parseArgs({ options: known, allowPositionals: positional !== undefined });
    const [first, stray] = positionals;
    if (stray !== undefined) throw new Error(`Unexpected argument '${stray}'`);
    const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
    return positional === undefined || first === undefined ? texts : { ...texts, [positional]: first };
  } catch (error) {
    throw new Error((error as Error).message.split(/\. |\.?\n/)[0]);
  }
}

function usage(command: string, flags: Flags, positional: string | undefined): string {
  const lines = Object.entries(flags).map(([name, { argument, help, default: value }]) => {
    const form = name === positional ? `[${name}]` : `--${name}${argument ? ` ${argument}` : ""}`;
    return `  ${form.padEnd(18)} ${help}${value === undefined ? "" : ` (default ${value})`}`;
  });
  return [`${command} [flags]`, "", ...lines].join("\n");
}
