/** The kinds of flags that benches have. */

export interface Flag<Value> {
  /** What follows it; where nothing does, it is there or not. */
  readonly argument?: string;
  readonly default?: string;
  readonly help: string;
  /** @throws Error that says what is wrong with the text */
  read(text: string | undefined): Value;
}

export const given = (help: string): Flag<boolean> => ({ help, read: (text) => text !== undefined });

export const path = (help: string): Flag<string | undefined> => ({ argument: "PATH", help, read: (text) => text });

export const count = (name: string, value: number, help: string, least = 1): Flag<number> => ({
  argument: "N",
  default: String(value),
  help,
  read: (text = "") => {
    if (!/^\d+$/.test(text) || Number(text) < least)
      throw new Error(`--${name} must be a whole number from ${least}, not '${text}'`);
    return Number(text);
  },
});

export const rounds = (value = 5): Flag<number> => count("rounds", value, "how often each has its turn");

export const save: Flag<boolean> = given(
  "put the figures into docs/performance.json, of which `npm run docs` makes the tables",
);

interface Named {
  readonly name: string;
}

/** Those of whose names a regular expression matches a part. */
export const matching = <Of extends Named>(all: readonly Of[]): Flag<readonly Of[]> => {
  const names = all.map(({ name }) => `\n      ${name}`).join("");
  return {
    argument: "REGEX",
    help: `only those whose name it matches; there are:${names}`,
    read: (text = "") => {
      const chosen = all.filter(({ name }) => regex(text).test(name));
      if (chosen.length === 0) throw new Error(`--only: no name matches '${text}'`);
      return chosen;
    },
  };
};

function regex(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new Error(`--only: '${text}' is no regular expression`);
  }
}

/** Some of the names, parted by commas. */
export const listed = (names: readonly string[]): Flag<readonly string[]> => ({
  argument: "NAMES",
  default: names.join(),
  help: "only these, parted by commas",
  read: (text = "") => {
    const chosen = text.split(",");
    const stranger = chosen.find((name) => !names.includes(name));
    if (stranger !== undefined) throw new Error(`--only: there is no '${stranger}', only ${names.join()}`);
    return chosen;
  },
});

export const oneOf = <const Name extends string>(
  name: string,
  names: readonly [Name, ...Name[]],
  help: string,
): Flag<Name> => ({
  argument: names.join("|"),
  default: names[0],
  help,
  read: (text) => {
    const chosen = names.find((each) => each === text);
    if (chosen === undefined) throw new Error(`--${name} must be one of ${names.join()}, not '${text}'`);
    return chosen;
  },
});
