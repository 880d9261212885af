import { DEFAULT_INTERVAL, type Values } from "../flags.ts";
import type { Servers } from "../servers.ts";
import type { Model } from "./model.ts";
import { Poller } from "./poller.ts";
import type { View } from "./view.ts";

const now = (): number => performance.now();

const clock = (): string => new Date().toTimeString().slice(0, 8);

const viewOf = ({ sort }: Values): View => ({ sort: sort ?? "queued", reversed: false, merged: true, offset: 0 });

/** The servers that are looked at, and what is known of them. */
export class Watch {
  readonly #pollers: readonly Poller[];
  readonly #interval: number;
  view: View;

  constructor({ targets, dial }: Servers, values: Values, changed: () => void) {
    this.#interval = values.interval ?? DEFAULT_INTERVAL;
    this.view = viewOf(values);
    this.#pollers = targets.map((target) => new Poller(target, { dial, interval: this.#interval, now }, changed));
  }

  get model(): Model {
    const servers = this.#pollers.map(({ view }) => view);
    return { servers, view: this.view, interval: this.#interval, now: now(), clock: clock() };
  }

  /** Whether each server was looked at so often, or is down. */
  seen(looks: number): boolean {
    return this.#pollers.every((poller) => poller.looks >= looks || poller.view.state === "down");
  }

  async run(): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.run()));
  }

  look(): void {
    for (const poller of this.#pollers) poller.look();
  }

  stop(): void {
    for (const poller of this.#pollers) poller.stop();
  }
}
