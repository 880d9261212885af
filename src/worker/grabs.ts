/**
 * Whether one connection is to grab, and how much at once. A server that has work is asked for more and more, up to what is free;
 * one that has none is asked for one.
 *
 *     hungry --sent()--> grabbing --assigned()--> hungry, for twice as much
 *                        grabbing --refused()--> sleepy, once no grab is outstanding --(PRE_SLEEP)--> asleep
 *     asleep --woken() by NOOP, or by a new function--> hungry
 */
export class Grabs {
  #outstanding = 0;
  #window = 1;
  #work = true;

  /** There may be work, and it makes sense to ask for one job more. */
  get hungry(): boolean {
    return this.#work && this.#outstanding < this.#window;
  }

  /** There is nothing, and nothing to wait for: the server is to say when there is. */
  get sleepy(): boolean {
    return !this.#work && this.#outstanding === 0;
  }

  get outstanding(): number {
    return this.#outstanding;
  }

  /** A GRAB_JOB_ALL was sent. */
  sent(): void {
    this.#outstanding += 1;
  }

  /** A job came. False: nobody had asked for one. */
  assigned(most: number): boolean {
    if (this.#outstanding === 0) return false;
    this.#outstanding -= 1;
    this.#work = true;
    this.#window = Math.min(this.#window * 2, most);
    return true;
  }

  /** NO_JOB came. False: nobody had asked for one. */
  refused(): boolean {
    if (this.#outstanding === 0) return false;
    this.#outstanding -= 1;
    this.#work = false;
    this.#window = 1;
    return true;
  }

  woken(): void {
    this.#work = true;
  }
}
