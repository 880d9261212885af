import { GearmanError } from "../link/errors.ts";
import type { Link } from "../link/link.ts";
import type { Payload } from "../link/payload.ts";
import type { PacketName } from "../protocol/packets.ts";

/**
 * What one run of a job says to its server.
 *
 *     open --finish()--> finished      open --abort()--> aborted      Then nothing is sent any more.
 *
 * It belongs to the run and not to the handle: a server may give the same job again on the same connection, and what the first run then
 * still says must not end the second.
 */
export class Reply {
  readonly #link: Link;
  /** As the wire has it. */
  readonly #handle: string;
  #finished = false;
  #aborted: GearmanError | undefined;

  constructor(link: Link, handle: string) {
    this.#link = link;
    this.#handle = handle;
  }

  /** Sends, and settles once there is room for more. Rejects if the run is over; who does not wait need not care. */
  send(name: PacketName, more: readonly string[], data: () => Payload | undefined): Promise<void> {
    const sent = this.#send(name, more, data);
    // A handler may send a status and go on: that this came too late must not end the process.
    sent.catch(() => {});
    return sent;
  }

  /** Says how the run ended, in that order of packets; it was checked that it is not over. */
  finish(...packets: readonly (readonly [name: PacketName, data?: Payload])[]): void {
    for (const [name, data] of packets) this.#link.send(name, [this.#handle], data);
    this.#finished = true;
  }

  abort(why: GearmanError): void {
    this.#aborted ??= why;
  }

  /** Why it was aborted, if it was. */
  get aborted(): GearmanError | undefined {
    return this.#aborted;
  }

  /** Throws if the run is over. */
  check(): void {
    if (this.#aborted !== undefined) throw this.#aborted;
    if (this.#finished) throw new GearmanError("CLOSED", "the job is over: nothing more can be sent for it");
  }

  async #send(name: PacketName, more: readonly string[], data: () => Payload | undefined): Promise<void> {
    this.check();
    this.#link.send(name, [this.#handle, ...more], data());
    await this.#link.writable();
    this.check();
  }
}
