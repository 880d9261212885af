/** Makes handles: `PREFIX:1` upwards, as gearmand. */
export class HandleSource {
  readonly #prefix: string;
  #last = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  next(): string {
    return `${this.#prefix}:${++this.#last}`;
  }
}
