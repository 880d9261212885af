import { inspect } from "node:util";

/** Looks at a value that comes from JavaScript. Throws TypeError or RangeError that names it and says what is expected. */
export type Check = (value: unknown, name: string) => void;

type Kind = typeof TypeError | typeof RangeError;

const must =
  (Kind: Kind) =>
  (expected: string, holds: (value: unknown) => boolean): Check =>
  (value, name) => {
    if (holds(value)) return;
    const shown = inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 50 });
    throw new Kind(`${name} must be ${expected}, not ${shown}`);
  };

/** For values of another kind. */
export const is = must(TypeError);

/** For values of the right kind that are out of bounds. */
export const within = must(RangeError);

export const all =
  (...checks: readonly Check[]): Check =>
  (value, name) => {
    for (const check of checks) check(value, name);
  };

export const optional =
  (check: Check): Check =>
  (value, name) => {
    if (value !== undefined) check(value, name);
  };

export const text = is("a string", (value) => typeof value === "string");

export const flag = is("true or false", (value) => typeof value === "boolean");

export const object = is("an object", (value) => typeof value === "object" && value !== null);

/** How people are told of a range. */
export const rangeText = (min: number, max: number): string =>
  `a whole number from ${min}${max === Number.MAX_SAFE_INTEGER ? "" : ` to ${max}`}`;

export const whole = (min: number, max: number = Number.MAX_SAFE_INTEGER): Check =>
  all(
    is(rangeText(min, max), (value) => typeof value === "number"),
    within(rangeText(min, max), (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max),
  );

export const list = (check: Check): Check =>
  all(is("a list", Array.isArray), (value, name) => {
    for (const [index, item] of (value as readonly unknown[]).entries()) check(item, `${name}[${index}]`);
  });

/** An object with these keys and no others; those whose check is optional may be missing. */
export const shape = (checks: Readonly<Record<string, Check>>): Check =>
  all(object, (value, name) => {
    const unknown = Object.keys(value as object).find((key) => !Object.hasOwn(checks, key));
    if (unknown !== undefined)
      throw new TypeError(`${name}.${unknown} is unknown; known are: ${Object.keys(checks).join(", ")}`);
    for (const [key, check] of Object.entries(checks)) check((value as Record<string, unknown>)[key], `${name}.${key}`);
  });

export const methods = (names: readonly string[]): Check =>
  is(`an object with the methods ${names.join(", ")}`, (value) =>
    names.every((name) => typeof (value as Record<string, unknown> | null | undefined)?.[name] === "function"),
  );
