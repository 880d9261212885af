/*
 * A connection to a server, over which text commands are asked one after the other.
 *
 *   idle --ask()--> waiting --the whole reply--> idle
 *   waiting --silence--> gone; any --the server's end, an error, close()--> gone: this ask rejects, and every later one
 */
import type { Connection } from "../../transport/connection.ts";
import { type DialOptions, dial } from "../../transport/dial.ts";
import { lost, noConnection, silent } from "./problems.ts";
import { IncomingReply, type ReplyKind } from "./reply.ts";
import type { AdminTarget } from "./servers.ts";

/** The answer to it shows that all lines before it have come. */
const FENCE = "version";

export interface Question {
  /** Bytes as Latin-1, without a line end. */
  readonly line: string;
  readonly reply: ReplyKind;
}

interface Waiting {
  readonly question: Question;
  readonly reply: IncomingReply;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
}

export class TextSession {
  readonly #server: string;
  readonly #connection: Connection;
  readonly #timeout: number;
  #waiting: Waiting | undefined;
  #received = 0;
  #gone: { readonly error: Error | undefined } | undefined;

  /** @param timeout milliseconds of silence after which a question is given up */
  constructor(server: string, connection: Connection, timeout: number) {
    this.#server = server;
    this.#connection = connection;
    this.#timeout = timeout;
    connection.open({
      chunk: (bytes) => this.#chunk(bytes.toString("latin1")),
      end: () => this.#ended(undefined),
      close: (error) => this.#ended(error),
    });
  }

  /** Rejects with Unanswered. */
  static async open({ name, address }: AdminTarget, options: DialOptions): Promise<TextSession> {
    try {
      return new TextSession(name, await dial(address, options), options.timeout);
    } catch (cause) {
      throw noConnection(name, cause);
    }
  }

  /** The whole reply, bytes as Latin-1. One question at a time. Rejects with Unanswered. */
  ask(question: Question): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(lost(this.#server, question.line, 0, this.#gone.error));
      this.#received = 0;
      const timer = setTimeout(() => this.#silence(), this.#timeout);
      this.#waiting = { question, reply: new IncomingReply(question.reply), timer, resolve, reject };
      const lines = question.reply === "fenced" ? [question.line, FENCE] : [question.line];
      const text = lines.map((line) => `${line}\r\n`).join("");
      this.#connection.write([Buffer.from(text, "latin1")], () => {});
    });
  }

  close(): void {
    this.#connection.destroy();
  }

  #chunk(text: string): void {
    if (!this.#waiting) return;
    const { reply, timer, resolve } = this.#waiting;
    this.#received += text.length;
    timer.refresh();
    if (!reply.add(text)) return;
    this.#settle();
    resolve(reply.text);
  }

  #settle(): void {
    clearTimeout(this.#waiting?.timer);
    this.#waiting = undefined;
  }

  #fail(make: (question: Question) => Error): void {
    if (!this.#waiting) return;
    const { question, reject } = this.#waiting;
    this.#settle();
    reject(make(question));
  }

  #silence(): void {
    this.#fail(({ line }) => silent(this.#server, line, this.#timeout, this.#received));
    this.close();
  }

  #ended(error: Error | undefined): void {
    this.#gone ??= { error };
    this.#fail(({ line }) => lost(this.#server, line, this.#received, error));
    this.close();
  }
}
