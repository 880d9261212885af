/** A handle has at most 63 bytes: the prefix, a colon, and a number of up to 16 digits (2^53). */
export const MAX_PREFIX_BYTES = 63 - 1 - 16;

export const PREFIX_EXPECTED = `at most ${MAX_PREFIX_BYTES} bytes, without spaces`;

export const isHandlePrefix = (text: string): boolean =>
  !/\s|\0/.test(text) && Buffer.byteLength(text) <= MAX_PREFIX_BYTES;
