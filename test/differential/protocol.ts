import type { PACKETS } from "../../src/protocol/packets.ts";
import type { Event, Spoken } from "./script.ts";

/** What happened, written as a transcript of test/wire/: a failing script can be pasted there. */
export class Protocol {
  readonly #lines: string[] = [];

  sent(on: number, messages: readonly Spoken[]): void {
    for (const [index, message] of messages.entries()) {
      const more = index < messages.length - 1 ? ">>" : ">";
      this.#lines.push(`c${on}${more} ${"line" in message ? quote(message.line) : showPacket(message)}`);
    }
  }

  wrote(on: number, bytes: string): void {
    this.#lines.push(`c${on}>> ${quote(bytes)}`, `c${on} half-close`, `c${on} gone`);
  }

  closed(on: number): void {
    this.#lines.push(`c${on} close`);
  }

  got(on: number, events: readonly Event[]): void {
    this.#lines.push(...events.map((event) => showEvent(on, event)));
  }

  differ(on: number, reference: readonly Event[], ours: readonly Event[]): string {
    const show = (events: readonly Event[]) => events.map((event) => showEvent(on, event));
    return this.#with(show(reference), show(ours));
  }

  differTables(reference: readonly string[], ours: readonly string[]): string {
    const times = (row: string, rows: readonly string[]) => rows.filter((other) => other === row).length;
    const only = (rows: readonly string[], others: readonly string[]) =>
      rows.filter((row) => times(row, rows) !== times(row, others)).map((row) => `# ${row}`);
    return this.#with(only(reference, ours), only(ours, reference));
  }

  #with(reference: readonly string[], ours: readonly string[]): string {
    return [...this.#lines, "[gearmand]", ...reference, "[ours ?]", ...ours].join("\n");
  }
}

const quote = (text: string): string => {
  const repeated = /^(.)\1{19,}$/s.exec(text);
  if (repeated !== null) return `${quote(repeated[1] ?? "")}*${text.length}`;
  if (/^[!-{}~]+$/.test(text) && !text.includes("\\") && !text.includes('"')) return text;
  const escaped = text.replace(/[^ -~]|["\\]/g, (char) => {
    const named = { "\0": "\\0", "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\" }[char];
    return named ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped.length > 300 ? `${escaped.slice(0, 300)}... (${text.length} bytes)` : escaped}"`;
};

function showPacket({
  packet,
  args,
  magic,
}: {
  packet: keyof typeof PACKETS;
  args: readonly string[];
  magic: string;
}): string {
  return `${magic === "RES" ? "RES " : ""}${packet} ${args.map(quote).join(" | ")}`.trimEnd();
}

function showEvent(on: number, { name, args }: Event): string {
  if (name === "CLOSED") return `c${on} closed`;
  if (name === "TEXT")
    return `c${on}< "${(args[0] ?? "").replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}"`;
  return `c${on}< ${name} ${args.map(quote).join(" | ")}`.trimEnd();
}
