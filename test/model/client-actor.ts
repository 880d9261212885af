import type { JobSpec, Priority } from "../../src/core/types.ts";
import { aSpec } from "../support/core-harness.ts";
import type { Actor } from "./actors.ts";
import { must } from "./ledger.ts";
import type { Simulation } from "./simulation.ts";
import type { Sent } from "./world.ts";

/** Submits all sorts of jobs, leaves at any moment, and comes back. */
export class ClientActor implements Actor {
  readonly inbox: Sent[] = [];
  readonly patient = true;
  readonly #simulation: Simulation;
  readonly #pace: number;
  #id: number | undefined;
  /** Connections it has had. */
  #lives = 0;
  #created: Set<string> = new Set();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#pace = simulation.random.pick([500, 2000, 20_000]);
  }

  start(): void {
    this.#id = this.#simulation.connect(this);
    this.#lives++;
    this.#next();
  }

  receive(): void {
    const packet = this.inbox.shift();
    if (packet === undefined || packet.to !== this.#id) return;
    if (packet.what === "created") this.#created.add(packet.handle);
    if (packet.what === "final") must(this.#created.has(packet.handle), `${packet.handle} is created before it ends`);
  }

  #next(): void {
    const { random } = this.#simulation;
    const life = this.#lives;
    this.#simulation.after(random.around(this.#pace), () => {
      if (life === this.#lives) this.#act();
    });
  }

  #act(): void {
    const { random, world, ending } = this.#simulation;
    const id = this.#id;
    if (ending || id === undefined) return;
    if (random.chance(0.1)) return this.#leave();
    for (let n = random.chance(0.1) ? random.below(20) : 1; n > 0; n--)
      this.#simulation.post(world.submit(id, this.#spec()));
    this.#next();
  }

  stop(): void {
    if (this.#id !== undefined) this.#simulation.disconnect(this.#id);
    this.#forget();
  }

  lost(): void {
    this.#forget();
    this.#comeBack();
  }

  #forget(): void {
    this.#id = undefined;
    this.#created = new Set();
    this.inbox.length = 0;
  }

  #leave(): void {
    this.stop();
    this.#comeBack();
  }

  #comeBack(): void {
    this.#simulation.after(this.#simulation.random.around(this.#pace), () => this.start());
  }

  #spec(): JobSpec {
    const { random, world, functions } = this.#simulation;
    const epoch = random.chance(0.1) ? Math.floor(world.clock.wall() / 1000) + random.below(60) : 0;
    return aSpec({
      function: random.chance(0.02) ? `once-${random.below(1000)}` : random.pick(functions),
      unique: random.pick(["", "", "-", String(random.below(6))]),
      workload: new Uint8Array(random.below(random.chance(0.02) ? 4000 : 100)),
      priority: random.pick<Priority>([0, 1, 1, 1, 2]),
      background: epoch > 0 || random.chance(0.5),
      epoch,
    });
  }
}
