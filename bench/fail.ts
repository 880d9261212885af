/** Ends the bench with one line that says what is wrong. */
export function fail(status: 1 | 2, message: string): never {
  console.error(`bench: ${message}`);
  process.exit(status);
}
