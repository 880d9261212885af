/** After so many have left it, a map is made anew; and after as many more as it then holds, so that this costs little for each. */
const LEFT = 1000;
/** What more than this wait in stays for long in any case, and it would take a while to make the map anew. */
const MOST = 10_000;

/**
 * HOT: a map through which very many pass, of whom few are in it at a time. V8 makes a map's table anew again and again then, and each
 * leads to the next: one that has grown old keeps those after it from being collected while the server is busy, and all that was in
 * them. A map that is itself made anew from time to time is followed by none.
 */
export class RenewedMap<Key, Value> {
  #map: Map<Key, Value> = new Map();
  #left = 0;

  get size(): number {
    return this.#map.size;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  set(key: Key, value: Value): void {
    this.#map.set(key, value);
  }

  delete(key: Key): void {
    this.#map.delete(key);
    if (++this.#left > LEFT + this.#map.size && this.#map.size < MOST) this.#renew();
  }

  #renew(): void {
    this.#map = new Map(this.#map);
    this.#left = 0;
  }
}
