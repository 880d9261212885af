import { Conditions } from "../lib/waiting.ts";
import type { Target } from "../link/address.ts";
import type { GearmanError } from "../link/errors.ts";
import type { Ability } from "./attempt.ts";
import type { Context } from "./context.ts";
import type { Crew, Session } from "./session.ts";
import { Slots } from "./slots.ts";
import { Station } from "./station.ts";

/**
 * Functions that share a number of places, and a connection to each server. A function with a limit of its own has a lane of its own:
 * what a worker can do is said per connection, and taking it back (CANT_DO) would give its running jobs to others.
 */
export class Lane implements Crew {
  readonly abilities: Map<string, Ability> = new Map();
  readonly slots: Slots;
  readonly alone: boolean;
  readonly #conditions: Conditions = new Conditions();
  /** Who was served longest ago comes first. */
  #stations: readonly Station[];
  #closing = false;
  #cut = false;

  constructor(concurrency: number, targets: readonly Target[], context: Context) {
    this.slots = new Slots(concurrency, context.budget);
    this.alone = targets.length === 1;
    this.#stations = targets.map((target) => new Station(target, this, context));
  }

  add(ability: Ability): void {
    this.abilities.set(ability.wireName, ability);
    for (const session of this.#sessions()) session.announce(ability);
  }

  /** Settles once nothing of it runs and every server knows that we do it no more. */
  async remove(ability: Ability): Promise<void> {
    ability.leaving = true;
    await Promise.all(this.#sessions().map((session) => session.withdraw(ability)));
    this.abilities.delete(ability.wireName);
  }

  knows(wireName: string): boolean {
    return this.#sessions().some((session) => session.knows(wireName));
  }

  /** Gives free places to those who want one, in turns. */
  share(): void {
    if (this.#closing) return this.#conditions.check();
    for (;;) {
      const next = this.#stations.find(({ session }) => session.hungry);
      if (next === undefined || !this.slots.take()) return;
      next.session.grab();
      if (this.#stations.length > 1) this.#stations = [...this.#stations.filter((other) => other !== next), next];
    }
  }

  /** Takes no more jobs; settles once all that run have ended, or were cut, and the connections are closed. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#stations.map((station) => station.close()));
    // Those whose connection was lost may still run.
    await this.#conditions.until(() => this.#cut || this.slots.idle);
  }

  /** Ends the connections; whoever waits for handlers waits no more. */
  cut(why: GearmanError): void {
    this.#cut = true;
    for (const session of this.#sessions()) session.cut(why);
    this.#conditions.check();
  }

  beat(): void {
    for (const session of this.#sessions()) session.beat();
  }

  #sessions(): Session[] {
    return this.#stations.map(({ session }) => session);
  }
}
