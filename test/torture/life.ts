import type { Packet } from "../../src/link/link.ts";
import { DEFAULT_DIAL_OPTIONS, dial } from "../../src/transport/dial.ts";
import { Contact, type Desk } from "./contact.ts";

/** So many jobs that a daemon was given may wait; it comes to those that the daemons before it left. */
const BACKLOG = 1500;

/** A client or a worker, as long as its connection lasts. */
interface Somebody {
  receive(packet: Packet): void;
}

/** A daemon as the crowd sees it, until it is dead. */
export class Life {
  readonly desk: Desk;
  readonly #port: number;
  readonly #waiting: Set<string> = new Set();
  readonly #ended: Set<string> = new Set();
  readonly #contacts: Set<Contact> = new Set();
  #over = false;

  constructor(desk: Desk, port: number) {
    this.desk = desk;
    this.#port = port;
  }

  /** Whether clients should wait for workers. */
  get busy(): boolean {
    return this.#waiting.size >= BACKLOG;
  }

  /** A job may be handed out and end before its client reads its handle. */
  acknowledged(handle: string): void {
    if (!this.#ended.has(handle)) this.#waiting.add(handle);
  }

  ended(handle: string): void {
    this.#ended.add(handle);
    this.#waiting.delete(handle);
  }

  /** It is dead: whoever is still connected leaves. */
  finish(): void {
    this.#over = true;
    for (const contact of this.#contacts) contact.drop();
  }

  /** Has somebody connect, and connect again when the connection is gone, until the daemon cannot be reached. */
  async join(begin: (life: Life, contact: Contact) => Somebody): Promise<void> {
    while (!this.#over) {
      const contact = await this.#connect(begin).catch(() => undefined);
      if (contact === undefined) return;
      this.#contacts.add(contact);
      await contact.closed;
      this.#contacts.delete(contact);
    }
  }

  async #connect(begin: (life: Life, contact: Contact) => Somebody): Promise<Contact> {
    const connection = await dial({ host: "127.0.0.1", port: this.#port, tls: false }, DEFAULT_DIAL_OPTIONS);
    const contact = new Contact(this.desk, connection, (packet) => somebody.receive(packet));
    const somebody = begin(this, contact);
    return contact;
  }
}
