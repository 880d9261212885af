import { Couple } from "./couple.ts";
import { drain } from "./drain.ts";
import { judge } from "./judge.ts";
import { Ledger } from "./ledger.ts";
import { toVictim } from "./life.ts";
import type { Injection } from "./strace.ts";
import type { Talk } from "./talk.ts";
import { Victim } from "./victim.ts";

/** A daemon that is started and killed on a data directory that has no room at times, and its ledger. Use with `await using`. */
export class FullDisk {
  readonly #dir: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #args: readonly string[];
  readonly #injection: Injection | undefined;
  #ledger = new Ledger();
  #victim: Victim | undefined;
  #couple: Couple | undefined;

  constructor(
    dir: string,
    env: Readonly<Record<string, string>> = {},
    args: readonly string[] = [],
    injection?: Injection,
  ) {
    this.#dir = dir;
    this.#env = env;
    this.#args = args;
    this.#injection = injection;
  }

  /** Starts the daemon if it does not run. */
  async start(): Promise<Couple> {
    this.#couple ??= new Couple(await this.connect("client"), await this.connect("worker"), this.#ledger);
    return this.#couple;
  }

  connect(name: string): Promise<Talk> {
    this.#victim ??= this.#newVictim();
    return toVictim(this.#victim)(this.#ledger, name);
  }

  get pid(): number {
    return this.#victim?.pid ?? 0;
  }

  /** A clean stop. */
  async stop(): Promise<void> {
    this.#couple?.close();
    await this.#victim?.stop();
    await this.kill();
  }

  async kill(): Promise<void> {
    this.#couple?.close();
    await this.#victim?.[Symbol.asyncDispose]();
    this.#couple = undefined;
    this.#victim = undefined;
  }

  /** Starts anew, takes all that is there, and returns what was not kept. The daemon runs on, with nothing in it. */
  async restart(): Promise<readonly string[]> {
    this.#victim = this.#newVictim();
    const recovery = await drain(toVictim(this.#victim), ["f"]);
    const { violations } = judge(this.#ledger, recovery);
    this.#ledger = new Ledger();
    return violations;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #newVictim(): Victim {
    return new Victim({ dir: this.#dir, env: this.#env, args: this.#args, injection: this.#injection });
  }
}
