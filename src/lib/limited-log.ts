import type { LogFields, Logger } from "./log.ts";

/** A line that peers can cause is written this often at the most, milliseconds. */
const EVERY = 1000;

/** Tells of things that peers can cause without end: of each at most once a second, with how often it was kept back meanwhile. */
export class LimitedLog {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #said: Map<string, { at: number; keptBack: number }> = new Map();

  constructor(logger: Logger, now: () => number) {
    this.#logger = logger;
    this.#now = now;
  }

  /** @param message one of a fixed set: what varies goes into the fields */
  warn(fields: LogFields, message: string): void {
    this.#say("warn", fields, message);
  }

  /** As {@link warn}. */
  error(fields: LogFields, message: string): void {
    this.#say("error", fields, message);
  }

  #say(level: "warn" | "error", fields: LogFields, message: string): void {
    const said = this.#said.get(message) ?? { at: Number.NEGATIVE_INFINITY, keptBack: 0 };
    this.#said.set(message, said);
    if (this.#now() - said.at < EVERY) {
      said.keptBack++;
      return;
    }
    this.#logger[level](said.keptBack === 0 ? fields : { ...fields, keptBack: said.keptBack }, message);
    said.at = this.#now();
    said.keptBack = 0;
  }
}
