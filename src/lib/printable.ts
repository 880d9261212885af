const BACKSLASH = 0x5c;

const escaped = (byte: number): string => {
  if (byte === BACKSLASH) return "\\\\";
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
};

/**
 * Bytes that a peer sent, made fit for a log line: printable ASCII as it is, a backslash doubled, the rest as `\xNN`, so that they can
 * neither forge a line nor drive a terminal. Only the first `maxBytes` are shown; `...` stands for the others.
 */
export const printable = (bytes: Uint8Array, maxBytes = 128): string =>
  Array.from(bytes.subarray(0, maxBytes), escaped).join("") + (bytes.length > maxBytes ? "..." : "");
