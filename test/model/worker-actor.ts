import type { Finish } from "../../src/core/results.ts";
import type { Actor } from "./actors.ts";
import type { Random } from "./random.ts";
import type { Simulation } from "./simulation.ts";
import type { Sent } from "./world.ts";

/** How likely a worker does what it should not, each time that it could. */
export interface Manners {
  /** Loses its connection while it has a job. */
  readonly crashes: number;
  /** Works longer than it said, and sends its result late. */
  readonly hangs: number;
  /** Does not heed a NOOP. */
  readonly deaf: number;
  /** Asks for several jobs at once. */
  readonly greedy: number;
  /** Sends PRE_SLEEP again, or registers and gives up functions, at odd moments. */
  readonly fickle: number;
  /** Also serves another server: does other things between its grabs. */
  readonly busyElsewhere: number;
}

export const HONEST: Manners = { crashes: 0, hangs: 0, deaf: 0, greedy: 0, fickle: 0, busyElsewhere: 0 };

const BAD: readonly [Manners, ...Manners[]] = [
  HONEST,
  { ...HONEST, crashes: 0.2 },
  { ...HONEST, hangs: 0.2 },
  { ...HONEST, deaf: 0.5 },
  { ...HONEST, deaf: 1 },
  { ...HONEST, greedy: 0.5 },
  { ...HONEST, fickle: 0.3 },
  { ...HONEST, busyElsewhere: 0.5 },
  { crashes: 0.05, hangs: 0.05, deaf: 0.1, greedy: 0.1, fickle: 0.1, busyElsewhere: 0.1 },
];

/** Grabs, works, sleeps and is woken, with more or less good manners. */
export class WorkerActor implements Actor {
  readonly inbox: Sent[] = [];
  readonly patient: boolean;
  readonly #simulation: Simulation;
  readonly #manners: Manners;
  readonly #mean: number;
  #id: number | undefined;

  constructor(simulation: Simulation, manners: Manners) {
    this.#simulation = simulation;
    this.#manners = manners;
    this.patient = manners === HONEST;
    this.#mean = simulation.random.pick([1, 50, 800]);
  }

  static someManners(random: Random): Manners {
    return random.pick(BAD);
  }

  start(): void {
    const { random, functions, ending } = this.#simulation;
    if (ending && !this.patient) return;
    this.#id = this.#simulation.connect(this);
    for (const name of functions) if (ending || random.chance(0.7)) this.#canDo(name);
    if (ending) for (const { name } of this.#simulation.world.server.functions()) this.#canDo(name);
    this.#grab(false);
  }

  receive(): void {
    const packet = this.inbox.shift();
    if (packet === undefined || packet.to !== this.#id) return;
    if (packet.what === "assign") this.#work(packet.handle);
    if (packet.what === "no job") this.#sleep();
    if (packet.what === "noop" && !this.#simulation.random.chance(this.#manners.deaf)) this.#grab(false);
  }

  #work(handle: string): void {
    const { random } = this.#simulation;
    const { crashes, hangs, greedy } = this.#manners;
    if (random.chance(greedy)) this.#grab(false);
    const time = random.around(this.#mean) + (random.chance(hangs) ? random.around(10_000) : 0);
    if (random.chance(crashes)) this.#later(time, () => this.#crash());
    else this.#later(time, (id) => this.#finish(id, handle));
  }

  #finish(id: number, handle: string): void {
    const { random, world } = this.#simulation;
    if (random.chance(0.2)) world.progress(id, handle);
    this.#simulation.post(
      world.finish(id, handle, random.pick<Finish>(["completed", "completed", "failed", "exceptions"])),
    );
    this.#grab(true);
  }

  stop(): void {
    if (this.#id !== undefined) this.#simulation.disconnect(this.#id);
    this.#id = undefined;
  }

  lost(): void {
    this.#id = undefined;
    this.inbox.length = 0;
    this.#comeBack();
  }

  #crash(): void {
    this.stop();
    this.#comeBack();
  }

  #comeBack(): void {
    const { random } = this.#simulation;
    this.#simulation.after(random.around(2000), () => this.start());
  }

  #grab(busy: boolean): void {
    const { random, world } = this.#simulation;
    const elsewhere = random.chance(this.#manners.busyElsewhere) ? random.around(500) : 0;
    const grab = (id: number) => this.#simulation.post(world.grab(id, random.pick(["plain", "unique", "all"]), busy));
    if (elsewhere > 0) this.#later(elsewhere, grab);
    else if (this.#id !== undefined) grab(this.#id);
  }

  #sleep(): void {
    const { random, world } = this.#simulation;
    const { fickle } = this.#manners;
    if (this.#id !== undefined && random.chance(fickle)) this.#changeMind(this.#id);
    if (this.#id !== undefined) this.#simulation.post(world.preSleep(this.#id));
    if (random.chance(fickle)) this.#later(random.around(100), (id) => this.#simulation.post(world.preSleep(id)));
    if (random.chance(fickle)) this.#later(random.around(100), (id) => this.#changeMind(id));
  }

  #changeMind(id: number): void {
    const { random, world, functions } = this.#simulation;
    const name = random.pick(functions);
    if (random.chance(0.1)) this.#simulation.post(world.resetAbilities(id));
    if (random.chance(0.3)) this.#simulation.post(world.cantDo(id, name));
    else this.#canDo(name);
  }

  #canDo(name: string): void {
    const { random, world } = this.#simulation;
    const timeout = this.patient ? 0 : random.pick([0, 500, 3000]);
    if (this.#id !== undefined) this.#simulation.post(world.canDo(this.#id, name, timeout));
  }

  /** Later, if this connection is still there. */
  #later(ms: number, act: (id: number) => void): void {
    const id = this.#id;
    this.#simulation.after(ms, () => {
      if (id !== undefined && id === this.#id) act(id);
    });
  }
}
