/** What C sees of a text: up to its first NUL. */
export function untilNul(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** What C's atoi reads: the number that the text begins with, or 0. */
export function atoi(text: string): number {
  return Number.parseInt(text, 10) || 0;
}
