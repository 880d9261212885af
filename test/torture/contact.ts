import { GearmanError } from "../../src/link/errors.ts";
import { Link, type Packet } from "../../src/link/link.ts";
import type { PacketName } from "../../src/protocol/packets.ts";
import type { Connection } from "../../src/transport/connection.ts";
import type { Random } from "../model/random.ts";
import type { Draft, Draw } from "./draw.ts";
import type { TortureRecord } from "./records.ts";

/** What all of the crowd share over all daemons. */
export interface Desk {
  readonly random: Random;
  readonly draw: Draw;
  readonly write: (record: TortureRecord) => void;
  /** A number that was not given before. */
  number(): number;
}

/** A connection of the crowd: what it does is in the ledger before the daemon can know of it. */
export class Contact {
  readonly number: number;
  /** Settles when it is gone. */
  readonly closed: Promise<void>;
  readonly #desk: Desk;
  readonly #link: Link;
  #gone: () => void = () => {};

  constructor(desk: Desk, connection: Connection, receive: (packet: Packet) => void) {
    this.#desk = desk;
    this.number = desk.number();
    this.closed = new Promise((resolve) => {
      this.#gone = resolve;
    });
    void this.closed.then(() => desk.write({ what: "closed", connection: this.number }));
    this.#link = new Link("the daemon", connection, { packet: receive, closed: () => this.#gone() });
  }

  send(name: PacketName, args: readonly string[] = [], data?: Buffer): void {
    this.#link.send(name, args, data);
  }

  submit(id: number, { packet, args, workload, record }: Draft): void {
    this.#desk.write({ what: "submitted", id, connection: this.number, ...record });
    this.send(packet, args, workload);
  }

  /** Leaves without a word; what was not sent yet may be lost. */
  drop(): void {
    this.#gone();
    this.#link.destroy(new GearmanError("CLOSED", "the crowd left"));
  }
}
