import { PACKETS } from "../../src/protocol/packets.ts";

/** What a trace of system calls says of the acknowledgements in it. */
export interface Acknowledgements {
  /** Handles that were acknowledged. */
  readonly acknowledged: number;
  /** Syncs of the write-ahead log. */
  readonly syncs: number;
  /** Handles that were acknowledged before they were on disk; empty is good. */
  readonly early: readonly string[];
}

/** A call in a trace, at its begin or its end; both at once if no other thread came between. */
interface Call {
  readonly thread: string;
  readonly name: string;
  readonly begins: boolean;
  readonly ends: boolean;
  /** All that is said of it there. */
  readonly text: string;
}

const WHOLE = /^(?<thread>\d+) +[\d.]+ (?<name>\w+)\((?<text>.*)$/;
const RESUMED = /^(?<thread>\d+) +[\d.]+ <\.\.\. (?<name>\w+) resumed>(?<text>.*)$/;
const UNFINISHED = " <unfinished ...>";

function callIn(line: string): Call | undefined {
  const resumed = RESUMED.exec(line)?.groups;
  const { thread, name, text } = resumed ?? WHOLE.exec(line)?.groups ?? {};
  if (thread === undefined || name === undefined || text === undefined) return undefined;
  return { thread, name, text, begins: resumed === undefined, ends: !text.endsWith(UNFINISHED) };
}

/**
 * Reads a trace as `strace -f -ttt -y -s 1000000` writes it, line by line: the order of lines is that of events, for strace holds each
 * thread until it has written its line. A handle:
 *
 *     unknown --write to the log ended--> written --sync that began after that ended well--> durable
 *
 * A write to a socket that begins with a handle in it that is not durable is an acknowledgement too early.
 */
export class AcknowledgementReader implements Acknowledgements {
  readonly #handles: RegExp;
  /** Threads in a call that will be resumed: what was said of it. */
  readonly #open = new Map<string, string>();
  /** Written, not yet durable; in the order of writing. */
  #written: string[] = [];
  /** By the thread that syncs: what was written before it began. */
  readonly #covered = new Map<string, readonly string[]>();
  readonly #known = new Set<string>();
  readonly #durable = new Set<string>();
  readonly #acknowledged = new Set<string>();
  readonly #early = new Set<string>();
  syncs = 0;

  /** @param prefix of the handles; what follows a handle in a record must be no digit */
  constructor(prefix: string) {
    this.#handles = new RegExp(`${prefix.replace(/\W/g, "\\$&")}:\\d+`, "g");
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  get early(): readonly string[] {
    return [...this.#early];
  }

  add(line: string): void {
    const call = callIn(line);
    if (call === undefined) return;
    const { thread, name, begins, ends } = call;
    const text = begins ? call.text : `${this.#open.get(thread)}${call.text}`;
    if (!ends) this.#open.set(thread, text.slice(0, -UNFINISHED.length));
    if (/^\d+<[^>]*-wal>/.test(text)) this.#log(name, thread, begins, ends, text);
    else if (begins && /^\d+<(socket|TCP|UNIX)/.test(text)) this.#socket(text);
  }

  #log(name: string, thread: string, begins: boolean, ends: boolean, text: string): void {
    const sync = name === "fsync" || name === "fdatasync";
    if (sync && begins) this.#covered.set(thread, [...this.#written]);
    if (!ends) return;
    if (sync && /= 0$/.test(text)) this.#synced(thread);
    else if (!sync && /= \d+$/.test(text)) this.#wrote(text);
  }

  #wrote(text: string): void {
    for (const [handle] of text.matchAll(this.#handles)) {
      if (this.#known.has(handle)) continue;
      this.#known.add(handle);
      this.#written.push(handle);
    }
  }

  #synced(thread: string): void {
    this.syncs++;
    const covered = this.#covered.get(thread) ?? [];
    for (const handle of covered) this.#durable.add(handle);
    this.#written = this.#written.filter((handle) => !this.#durable.has(handle));
  }

  #socket(text: string): void {
    for (const handle of handlesCreated(text)) {
      this.#acknowledged.add(handle);
      if (!this.#durable.has(handle)) this.#early.add(handle);
    }
  }
}

/** The handles of all JOB_CREATED in a write to a socket. */
function handlesCreated(text: string): string[] {
  const bytes = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, escaped = ""]) => unescaped(escaped)).join("");
  const handles = [];
  for (let at = 0; bytes.startsWith("\0RES", at); ) {
    const header = Buffer.from(bytes.slice(at, at + HEADER), "latin1");
    const end = at + HEADER + header.readUInt32BE(8);
    if (header.readUInt32BE(4) === PACKETS.JOB_CREATED.type) handles.push(bytes.slice(at + HEADER, end));
    at = end;
  }
  return handles;
}

const HEADER = 12;

const LETTERS: Readonly<Record<string, string>> = { n: "\n", t: "\t", v: "\v", f: "\f", r: "\r" };

/** The bytes, as latin1, that strace has written as a C string. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{1,3}|.)/g, (_all, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (LETTERS[code] ?? code),
  );
