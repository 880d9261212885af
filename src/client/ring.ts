import { createHash } from "node:crypto";

/** Points of each server on the ring: with this many, servers differ by some 10% in what falls to them. */
const POINTS = 100;

interface Point {
  readonly at: number;
  readonly server: number;
}

/**
 * Servers at many places on a ring of 32-bit numbers; a key belongs to the next server behind its own place. When a server leaves,
 * only its keys move. Every client with the same list makes the same ring, whatever the list's order.
 */
export class Ring {
  readonly #points: readonly Point[];

  constructor(servers: readonly string[]) {
    const points = servers.flatMap((name, server) =>
      Array.from({ length: POINTS }, (_, index) => ({ at: place(`${name}#${index}`), server })),
    );
    this.#points = points.sort((a, b) => a.at - b.at);
  }

  /** The server of a key, among those that may be used. */
  find(key: string | Uint8Array, usable: (server: number) => boolean): number | undefined {
    const start = this.#firstAt(place(key));
    for (let step = 0; step < this.#points.length; step++) {
      const point = this.#points[(start + step) % this.#points.length];
      if (point !== undefined && usable(point.server)) return point.server;
    }
    return undefined;
  }

  /** The first point that is not before the place; may be one beyond the last. */
  #firstAt(at: number): number {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const point = this.#points[middle];
      if (point !== undefined && point.at < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function place(key: string | Uint8Array): number {
  return createHash("sha256").update(key).digest().readUInt32BE(0);
}
