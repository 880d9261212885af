import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { resolve } from "node:path";
import { rangeText } from "../../lib/check.ts";
import { LONGEST_TIMER } from "../../lib/waiting.ts";
import { UsageError } from "../usage-error.ts";
import type { Parse } from "./flag.ts";

/** gearmand's text, and what is expected, which gearmand does not say. */
export const invalid = (text: string, option: string, expected: string): UsageError =>
  new UsageError(`the argument ${text === "" ? "" : `('${text}') `}for option '--${option}' is invalid: ${expected}`);

export const text: Parse<string> = (value) => value;

/** Daemons change to another directory: a path is complete from here on. */
const path =
  (expected: string): Parse<string> =>
  (value, option) => {
    if (value === "") throw invalid(value, option, expected);
    return resolve(value);
  };

export const directory = path("a directory");
export const file = path("a file");

export const name: Parse<string> = (value, option) => {
  if (value === "") throw invalid(value, option, "a name");
  return value;
};

const isWhole = (text: string): boolean => /^[+-]?\d+$/.test(text);

/** A whole number in the range; gearmand takes a sign, but no space, no hexadecimal. */
export const integer =
  (min: number, max: number): Parse<number> =>
  (value, option) => {
    const number = Number(value);
    if (!isWhole(value) || number < min || number > max) throw invalid(value, option, rangeText(min, max));
    return number;
  };

/** As `integer`, with another text for a number outside the range. */
export const integerOr =
  (min: number, max: number, message: string): Parse<number> =>
  (value, option) => {
    const number = Number(value);
    if (!isWhole(value) || number < -(2 ** 31) || number >= 2 ** 31) throw invalid(value, option, rangeText(min, max));
    if (number < min || number > max) throw new UsageError(message);
    return number;
  };

export const oneOf =
  <const T extends string>(choices: readonly T[], message?: string): Parse<T> =>
  (value, option) => {
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    const expected = choices.join(", ");
    throw message ? new UsageError(`${message}: ${expected}`) : invalid(value, option, expected);
  };

export const count = integer(0, Number.MAX_SAFE_INTEGER);

const UNITS = new Map(Object.entries({ "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }));

/** Bytes: 4096, 64K, 256M, 4G. */
export const size: Parse<number> = (value, option) => {
  const [, digits, unit] = /^(\d+)([KMG]?)$/i.exec(value) ?? [];
  const bytes = Number(digits) * (UNITS.get((unit ?? "").toUpperCase()) ?? Number.NaN);
  if (!Number.isSafeInteger(bytes)) throw invalid(value, option, "bytes, or with K, M or G");
  return bytes;
};

/** Milliseconds: 8000, 8000ms, 8s. */
export const duration: Parse<number> = (value, option) => {
  const [, digits, unit] = /^(\d+)(ms|s|)$/.exec(value) ?? [];
  const milliseconds = Number(digits) * (unit === "s" ? 1000 : 1);
  if (!(milliseconds <= LONGEST_TIMER)) throw invalid(value, option, "milliseconds, or with s for seconds");
  return milliseconds;
};

/** What /etc/services calls the TCP port; Node has no getservbyname. */
const service = (name: string): number | undefined => {
  for (const line of servicesFile().split("\n")) {
    const [official, place, ...aliases] = line.replace(/#.*/, "").split(/\s+/);
    const [number, protocol] = place?.split("/") ?? [];
    if (protocol === "tcp" && name !== "" && [official, ...aliases].includes(name)) return Number(number);
  }
  return undefined;
};

const servicesFile = (): string => {
  try {
    return readFileSync("/etc/services", "utf8");
  } catch {
    return "";
  }
};

/** The port that a number or a service name means; undefined for what is neither. */
const portNumber = (value: string): number | undefined => {
  const number = /^\d+$/.test(value) ? Number(value) : service(value);
  return number !== undefined && number <= 65535 ? number : undefined;
};

const NO_PORT = "neither a port from 0 to 65535 nor a service in /etc/services";

/** A port number or a service name. 0: one of the kernel's choice. */
export const port: Parse<number> = (value, option) => {
  const number = portNumber(value);
  if (number === undefined) throw invalid(value, option, NO_PORT);
  return number;
};

export const portVariable = (name: string, value: string): number => {
  const number = portNumber(value);
  if (number === undefined) throw new UsageError(`the argument ('${value}') for ${name} is invalid: ${NO_PORT}`);
  return number;
};

/** A place to listen; without a port, that of `--port`. */
export type Place = { readonly host: string; readonly port: number | undefined } | { readonly path: string };

/** `host`, `host:port`, `::1`, `[::1]:port`, `unix:/path`. */
export const place: Parse<Place> = (value, option) => {
  if (value.startsWith("unix:/")) return { path: value.slice("unix:".length) };
  if (isIPv6(value)) return { host: value, port: undefined };
  const [, bracketed, plain, afterHost] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(.*))?$/.exec(value) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw invalid(value, option, "host, host:port, [IPv6]:port or unix:/path");
  return { host, port: afterHost === undefined ? undefined : port(afterHost, option) };
};
