/** Places for jobs. A place is taken by a grab, and either comes back unused or is taken by the job until its handler has ended. */
export class Slots {
  readonly limit: number;
  readonly #budget: Slots | undefined;
  #taken = 0;

  /** @param budget places that are used up by jobs, and come back only if there was none */
  constructor(limit: number, budget?: Slots) {
    this.limit = limit;
    this.#budget = budget;
  }

  get idle(): boolean {
    return this.#taken === 0;
  }

  /** For a grab; false: there is none. */
  take(): boolean {
    if (this.#taken >= this.limit || this.#budget?.take() === false) return false;
    this.#taken += 1;
    return true;
  }

  /** The grab brought no job. */
  putBack(): void {
    this.#taken -= 1;
    this.#budget?.putBack();
  }

  /** The job is over. */
  free(): void {
    this.#taken -= 1;
  }
}
