/*
 * The terminal, taken over and given back.
 *
 *   closed --open()--> open (other screen, no cursor, keys one by one) --close()--> closed, as it was
 *
 * close() may be called at any time, also from an exit handler: it writes synchronously, as Node does to a terminal.
 */
import type { Line, Size } from "./model.ts";

const ESC = "\x1b[";
const OPEN = `${ESC}?1049h${ESC}?25l${ESC}?7l`;
const CLOSE = `${ESC}?7h${ESC}?25h${ESC}?1049l`;

/** What a person who wants no colour sees too: reverse, bold and faint are none. */
const PLAIN = { title: "1", head: "7", dim: "2" };
const COLOURS = { ...PLAIN, warning: "33", bad: "31" };

type Looks = Readonly<Partial<Record<NonNullable<Line["look"]>, string>>>;

const painted = ({ text, look }: Line, looks: Looks): string => {
  const style = look === undefined ? undefined : looks[look];
  return style === undefined ? text : `${ESC}${style}m${text}${ESC}0m`;
};

/** The bytes that show these lines, whatever was there before. */
export const frame = (lines: readonly Line[], colour: boolean): string => {
  const looks: Looks = colour ? COLOURS : PLAIN;
  return `${ESC}H${lines.map((line) => `${painted(line, looks)}${ESC}K`).join("\r\n")}${ESC}J`;
};

export interface ScreenEvents {
  /** What was typed. */
  readonly typed: (input: string) => void;
  readonly resized: () => void;
}

export class Screen {
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  readonly #colour: boolean;
  readonly #events: ScreenEvents;
  #open = false;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream, colour: boolean, events: ScreenEvents) {
    this.#input = input.setEncoding("utf8");
    this.#output = output;
    this.#colour = colour;
    this.#events = events;
  }

  get size(): Size {
    // A terminal that does not know its size says 0.
    return { columns: this.#output.columns || 80, rows: this.#output.rows || 24 };
  }

  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#output.write(OPEN);
    this.#output.on("resize", this.#events.resized);
    if (this.#input.isTTY) this.#input.setRawMode(true).on("data", this.#events.typed).resume();
  }

  draw(lines: readonly Line[]): void {
    if (this.#open) this.#output.write(frame(lines, this.#colour));
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#input.isTTY) this.#input.setRawMode(false).off("data", this.#events.typed).pause();
    this.#output.off("resize", this.#events.resized);
    this.#output.write(CLOSE);
  }
}
