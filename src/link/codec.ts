import { GearmanError, reasonOf } from "./errors.ts";
import { isSizedStream, type Payload } from "./payload.ts";

/** Turns values into the bytes of a workload, result or data packet, and back. */
export interface Codec {
  encode(value: unknown): Payload;
  /** @param bytes the receiver's own: they may be kept */
  decode(bytes: Buffer): unknown;
}

/** The codecs that have a name. */
export const CODEC_NAMES = ["bytes", "text", "json"] as const;
export type CodecName = (typeof CODEC_NAMES)[number];

const NOTHING = Buffer.alloc(0);

/** Bytes, or text as UTF-8; `undefined` is no bytes at all. */
function encodeBytes(value: unknown): Payload {
  if (value === undefined) return NOTHING;
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (value instanceof Uint8Array || isSizedStream(value)) return value;
  throw new GearmanError(
    "CODEC",
    `${value === null ? "null" : `a value of type ${typeof value}`} is not bytes or text: give one, or choose the codec "json"`,
  );
}

/** JSON.stringify gives undefined for what JSON has no words for: as for `undefined` itself, no bytes. */
function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value) ?? "", "utf8");
}

const CODECS: Readonly<Record<CodecName, Codec>> = {
  bytes: { encode: encodeBytes, decode: (bytes) => bytes },
  text: { encode: encodeBytes, decode: (bytes) => bytes.toString("utf8") },
  json: {
    encode: encodeJson,
    decode: (bytes) => (bytes.length === 0 ? undefined : JSON.parse(bytes.toString("utf8"))),
  },
};

/** A codec whose failures are GearmanErrors that say what was tried. */
export function codecOf(codec: CodecName | Codec): Codec {
  const chosen = typeof codec === "string" ? CODECS[codec] : codec;
  return {
    encode: (value) => orCodecError("cannot be turned into bytes", () => bytesOf(chosen.encode(value))),
    decode: (bytes) => orCodecError(`of ${bytes.length} bytes cannot be read`, () => chosen.decode(bytes)),
  };
}

/** A codec may be JavaScript. */
function bytesOf(encoded: unknown): Payload {
  if (encoded instanceof Uint8Array || isSizedStream(encoded)) return encoded;
  throw new TypeError(`the codec made a ${typeof encoded} of it, and not a Uint8Array`);
}

function orCodecError<T>(what: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (cause) {
    if (cause instanceof GearmanError) throw cause;
    throw new GearmanError("CODEC", `a value ${what}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
