/** How the end of a reply is known: one line; rows up to a lone dot; or all lines before the answer to `version`, asked behind it. */
export type ReplyKind = "line" | "table" | "fenced";

/** An ERR line ends in CRLF and rows in LF; some servers are not so exact, but know that a command is unknown. */
const ERROR_LINE = /^ERR:? (?:[^\t]*\r|unknown_[^\t]*)$/i;
const OUTCOME = /^(?:OK|ERR .*)\r?$/;

/** A reply as it comes, in pieces of any size. Bytes as Latin-1. */
export class IncomingReply {
  readonly #kind: ReplyKind;
  readonly #pieces: string[] = [];
  /** The last characters, behind the line end before the first. Apart, so that no piece costs a look at all of them. */
  #tail = "\n";
  #first = "";
  #length = 0;

  constructor(kind: ReplyKind) {
    this.#kind = kind;
  }

  get text(): string {
    return this.#pieces.join("");
  }

  /** Returns whether the reply is whole now. */
  add(piece: string): boolean {
    this.#pieces.push(piece);
    this.#length += piece.length;
    this.#tail = (this.#tail + piece).slice(-4);
    if (!this.#first.includes("\n")) this.#first += piece;
    if (!this.#tail.endsWith("\n")) return false;
    if (this.#kind === "line") return true;
    return this.#kind === "table" ? this.#tableEnded() : this.#fenceReached();
  }

  #tableEnded(): boolean {
    if (/\n\.\r?\n$/.test(this.#tail)) return true;
    const end = this.#first.indexOf("\n");
    return this.#length === end + 1 && ERROR_LINE.test(this.#first.slice(0, end));
  }

  /** Such replies are short. */
  #fenceReached(): boolean {
    const lines = this.text.split("\n").slice(0, -1);
    return lines.length > 1 && !OUTCOME.test(lines.at(-1) ?? "");
  }
}

/** What a server said: what is printed, or its complaint. */
export type Said = { readonly text: string; readonly refused?: undefined } | { readonly refused: string };

/** The OK, or the first ERR: a command that did several things has a line for each. */
const readLine = (line: string): Said => {
  const [, complaint] = /^ERR:? (.*)$/.exec(line) ?? [];
  if (complaint !== undefined) return { refused: complaint };
  const [, value] = /^OK(?: (.*))?$/.exec(line) ?? [];
  return { text: `${value ?? line}\n` };
};

/** What a whole reply says. */
export const readReply = (kind: ReplyKind, text: string): Said => {
  const lines = text.split(/\r?\n/).slice(0, -1);
  const [first = ""] = lines;
  if (kind === "line") return readLine(first);
  if (kind === "table") return lines.length === 1 && first !== "." ? readLine(first) : { text };
  return readLine(lines.slice(0, -1).find((line) => line.startsWith("ERR")) ?? first);
};
