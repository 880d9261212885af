/*
 * Progress bars at the foot of a terminal, one a line. By hand rather than with the package cli-progress: data and warnings of the jobs go to
 * the same terminal, and its bars have no way to step aside for bytes of another stream that may end in the middle of a line.
 *
 *     drawn --hide()--> hidden --show(), if the cursor stands at a line's beginning--> drawn
 */
import { columnsOf, cut, pad, printable } from "../../lib/terminal-text.ts";

export interface Progress {
  readonly label: string;
  readonly numerator: number;
  readonly denominator: number;
}

/** As C counts: the fraction is cut off. A worker that says 3 of 0 is no reason to stop. */
export const percentOf = ({ numerator, denominator }: Omit<Progress, "label">): number =>
  denominator > 0 ? Math.trunc((numerator * 100) / denominator) : 0;

const MOST_LABEL = 30;
const MOST_BAR = 40;

const barOf = (percent: number, width: number): string => {
  const done = Math.round((Math.min(percent, 100) / 100) * width);
  return `[${"#".repeat(done)}${"-".repeat(width - done)}] `;
};

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(columnsOf));

/** A line for each, none wider than the terminal, as a wider one would fold. */
export const barLines = (all: readonly Progress[], columns: number): string[] => {
  const labels = all.map(({ label }) => cut(printable(label), MOST_LABEL));
  const counts = all.map(({ numerator, denominator }) => `${numerator}/${denominator}`);
  const labelWidth = widest(labels);
  const width = Math.min(MOST_BAR, columns - labelWidth - widest(counts) - " [] 100%  ".length - 1);
  return all.map((progress, index) => {
    const percent = percentOf(progress);
    const bar = width < 3 ? "" : barOf(percent, width);
    return cut(
      `${pad(labels[index] ?? "", labelWidth)} ${bar}${String(percent).padStart(3)}%  ${counts[index]}`,
      columns - 1,
    );
  });
};

/** Milliseconds between two drawings: more can't be seen. */
const BEAT = 50;

export class Bars {
  readonly #terminal: NodeJS.WriteStream;
  readonly #jobs: Map<object, Progress> = new Map();
  #drawn = 0;
  #hidden = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: NodeJS.WriteStream) {
    this.#terminal = terminal;
  }

  set(job: object, progress: Progress): void {
    this.#jobs.set(job, progress);
    this.#drawSoon();
  }

  remove(job: object): void {
    if (this.#jobs.delete(job)) this.#drawSoon();
  }

  hide(): void {
    this.#hidden = true;
    this.#erase();
  }

  show(atLineBegin: boolean): void {
    this.#hidden = !atLineBegin;
    this.#drawSoon();
  }

  /** Leaves the terminal as if there had been none. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#jobs.clear();
    this.#erase();
  }

  #drawSoon(): void {
    if (this.#jobs.size === 0) return this.close();
    this.#timer ??= setTimeout(() => this.#draw(), BEAT);
  }

  #draw(): void {
    this.#timer = undefined;
    if (this.#hidden) return;
    const { columns, rows } = this.#terminal; // 0 where nobody has said
    const lines = barLines([...this.#jobs.values()].slice(0, (rows || 24) - 1), columns || 80);
    this.#erase();
    this.#terminal.write(lines.map((line) => `${line}\n`).join(""));
    this.#drawn = lines.length;
  }

  /** Up to the first bar, and clear from there. */
  #erase(): void {
    if (this.#drawn > 0) this.#terminal.write(`\x1b[${this.#drawn}A\x1b[J`);
    this.#drawn = 0;
  }
}

/** If stderr is a terminal on which they can be drawn. */
export const terminalBars = (): Bars | undefined =>
  process.stderr.isTTY && process.env["TERM"] !== "dumb" ? new Bars(process.stderr) : undefined;
