import fc from "fast-check";
import { expect, it } from "vitest";
import { type Codec, codecOf } from "../../src/link/codec.ts";
import { isSizedStream, type Payload } from "../../src/link/payload.ts";

function bytes(payload: Payload): Buffer {
  if (isSizedStream(payload)) throw new Error("a stream");
  return Buffer.from(payload);
}

it("gives JSON back as it was", () => {
  const json = codecOf("json");
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(json.decode(bytes(json.encode(value)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("gives text back as it was", () => {
  const text = codecOf("text");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (value) => {
      expect(text.decode(bytes(text.encode(value)))).toBe(value);
    }),
  );
});

it("gives bytes back as they are, and text as UTF-8", () => {
  const codec = codecOf("bytes");
  const given = Buffer.from([0, 255]);
  expect(codec.encode(given)).toBe(given);
  expect(codec.decode(given)).toBe(given);
  expect(bytes(codec.encode("ü"))).toEqual(Buffer.from("ü"));
  const stream = { size: 0, open: async function* () {} };
  expect(codec.encode(stream)).toBe(stream);
});

it("takes undefined as no bytes, and no bytes as undefined in JSON", () => {
  for (const name of ["bytes", "text", "json"] as const) expect(bytes(codecOf(name).encode(undefined))).toHaveLength(0);
  expect(codecOf("json").decode(Buffer.alloc(0))).toBeUndefined();
});

const circular: { self?: unknown } = {};
circular.self = circular;

it.each([
  ["bytes", 7, /a value of type number is not bytes/],
  ["bytes", null, /^null is not bytes/],
  ["text", {}, /a value of type object is not bytes/],
  ["json", 1n, /BigInt/],
  ["json", circular, /circular/],
] as const)("refuses with %s what it cannot encode", (name, value, says) => {
  const error = expect.objectContaining({ code: "CODEC", message: expect.stringMatching(says) });
  expect(() => codecOf(name).encode(value)).toThrow(error);
});

it("refuses what is no JSON", () => {
  const error = expect.objectContaining({ code: "CODEC", message: expect.stringMatching(/of 4 bytes cannot be read/) });
  expect(() => codecOf("json").decode(Buffer.from("nope"))).toThrow(error);
});

it("refuses what a codec makes that is no bytes", () => {
  const codec = { encode: () => "text", decode: () => undefined } as unknown as Codec;
  const error = expect.objectContaining({ code: "CODEC", message: expect.stringMatching(/made a string of it/) });
  expect(() => codecOf(codec).encode(1)).toThrow(error);
});
