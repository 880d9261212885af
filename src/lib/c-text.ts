/** What C sees of a text: up to its first NUL. */
export function untilNul(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** The most that a 64-bit signed integer holds. */
export const INT64_MAX: bigint = 2n ** 63n - 1n;

/** What C's strtoll reads: the whole number that the text begins with, or 0. It may be more than 64 bits hold. */
export function wholeNumber(text: string): bigint {
  // C's blanks, which are not JavaScript's: parseInt would skip 0xA0 too.
  return BigInt(/^[\t-\r ]*([+-]?\d+)/.exec(text)?.[1] ?? "0");
}

/** What C's atoi gives: that number held within 64 bits, and of it the low 32. */
export function atoi(text: string): number {
  const number = wholeNumber(text);
  if (number > INT64_MAX) return -1;
  return number < -INT64_MAX ? 0 : Number(BigInt.asIntN(32, number));
}
