import { type Check, is, methods, optional, shape, text } from "../lib/check.ts";
import { silentLogger } from "../lib/log.ts";
import type { TlsClientFiles } from "../transport/dial.ts";
import { CODEC_NAMES, type CodecName } from "./codec.ts";
import { GearmanError, reasonOf } from "./errors.ts";
import type { ServersOptions } from "./options.ts";

// What types say, said again to JavaScript: above all that there is no option of that name.

export const number: Check = is("a number", (value) => typeof value === "number");

const callback: Check = is("a function", (value) => typeof value === "function");

export const oneOf = (names: readonly string[]): Check =>
  is(names.map((name) => `"${name}"`).join(" or "), (value) => names.includes(value as string));

const TLS: Readonly<Record<keyof TlsClientFiles, Check>> = {
  ca: optional(text),
  certificate: optional(text),
  key: optional(text),
  serverName: optional(text),
};

const codec = is(
  `${CODEC_NAMES.map((name) => `"${name}"`).join(", ")} or an object with encode and decode`,
  (value) => {
    const { encode, decode } = (value ?? {}) as Record<string, unknown>;
    return CODEC_NAMES.includes(value as CodecName) || (typeof encode === "function" && typeof decode === "function");
  },
);

/** The options that client and worker have in common. */
export const COMMON_CHECKS: Readonly<Record<keyof ServersOptions | "codec", Check>> = {
  servers: () => {}, // their addresses say it better
  tls: optional(shape(TLS)),
  auth: optional(callback),
  id: optional(text),
  connectTimeout: optional(number),
  logger: optional(methods(Object.keys(silentLogger))),
  codec: optional(codec),
};

/** Makes the check of a call's options, once for all calls: it throws ARGUMENT, and says what is expected, if they are not these. */
export function optionsCheck<Name extends string>(checks: Readonly<Record<Name, Check>>): (options: object) => void {
  const check = shape(checks);
  return (options) => {
    try {
      check(options, "options");
    } catch (cause) {
      throw new GearmanError("ARGUMENT", reasonOf(cause), { cause });
    }
  };
}
