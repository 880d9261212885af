import type { Bars } from "./bars.ts";

/** A standard stream, with its writes in order. */
type Output = NodeJS.WriteStream;

const write = (output: Output, parts: readonly (Uint8Array | string)[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const last = parts.length - 1;
    parts.forEach((part, index) => {
      output.write(part, index < last ? undefined : (error) => (error ? reject(error) : resolve()));
    });
  });

/** Where a program's output goes: the data to stdout, what there is to say about it to stderr, and neither through a bar. */
export class Outlet {
  readonly #bars: Bars | undefined;

  /** @param bars if stderr is a terminal */
  constructor(bars?: Bars) {
    this.#bars = bars;
  }

  /** Settles once the reader has taken it: who waits for that lets a slow reader slow down the server. */
  data(...parts: readonly (Uint8Array | string)[]): Promise<void> {
    return this.#write(process.stdout, parts);
  }

  /** What went wrong, in the words of a job. Never rejects: when nobody listens, the jobs go on. */
  complaint(...parts: readonly (Uint8Array | string)[]): Promise<void> {
    return this.#write(process.stderr, parts).catch(() => {});
  }

  async #write(output: Output, parts: readonly (Uint8Array | string)[]): Promise<void> {
    if (parts.every((part) => part.length === 0)) return;
    if (output.isTTY) this.#bars?.hide();
    await write(output, parts);
    if (output.isTTY) this.#bars?.show(endsLine(parts.at(-1) ?? ""));
  }
}

const endsLine = (text: Uint8Array | string): boolean =>
  text.length === 0 || text.at(-1) === (typeof text === "string" ? "\n" : 10);
