import type { TransportLimits } from "../transport/options.ts";

/** What is known of an address while limits per address are on. */
interface Visitor {
  open: number;
  accepts: number;
  since: number;
}

/** Above so many addresses those without a connection are forgotten. */
const MANY = 10_000;

/** Limits on connections from one address. Off by default: many hosts behind one NAT are one address. */
export class AddressLimiter {
  readonly #maxOpen: number;
  readonly #maxAccepts: number;
  readonly #visitors: Map<string, Visitor> = new Map();

  constructor({ maxConnectionsPerAddress, maxAcceptsPerAddress }: TransportLimits) {
    this.#maxOpen = maxConnectionsPerAddress || Number.POSITIVE_INFINITY;
    this.#maxAccepts = maxAcceptsPerAddress || Number.POSITIVE_INFINITY;
  }

  get #off(): boolean {
    return this.#maxOpen === Number.POSITIVE_INFINITY && this.#maxAccepts === Number.POSITIVE_INFINITY;
  }

  /** Whether a connection from there may come in; it counts as open until it is released. */
  admit(address: string, now: number): boolean {
    if (this.#off) return true;
    const visitor = this.#visitors.get(address) ?? { open: 0, accepts: 0, since: now };
    if (now - visitor.since >= 1000) Object.assign(visitor, { accepts: 0, since: now });
    if (visitor.open >= this.#maxOpen || visitor.accepts >= this.#maxAccepts) return false;
    visitor.open++;
    visitor.accepts++;
    this.#visitors.set(address, visitor);
    return true;
  }

  /** A connection from there is gone. */
  release(address: string, now: number): void {
    const visitor = this.#visitors.get(address);
    if (visitor === undefined) return;
    visitor.open--;
    // Its accepts count until their second is over, though no connection is open.
    if (visitor.open <= 0 && now - visitor.since >= 1000) this.#visitors.delete(address);
    if (this.#visitors.size > MANY) this.#forgetPast(now);
  }

  #forgetPast(now: number): void {
    for (const [address, visitor] of this.#visitors) {
      if (visitor.open <= 0 && now - visitor.since >= 1000) this.#visitors.delete(address);
    }
  }
}
