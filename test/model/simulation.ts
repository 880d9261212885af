import type { CommitFailure } from "../../src/core/job.ts";
import type { Actor } from "./actors.ts";
import { ClientActor } from "./client-actor.ts";
import { checkInvariants } from "./invariants.ts";
import { must } from "./ledger.ts";
import { Random } from "./random.ts";
import { HONEST, WorkerActor } from "./worker-actor.ts";
import { type Sent, World } from "./world.ts";

const FUNCTIONS = ["echo", "sort", "mail", "image"] as const;
const MINUTE = 60_000;
/** Everything is recounted after so many events. */
const RECOUNT_EVERY = 100;

interface Event {
  readonly at: number;
  readonly act: () => void;
}

/** What a seed did. */
export interface Report {
  readonly hash: number;
  readonly events: number;
  readonly hours: number;
  readonly acknowledged: number;
  readonly restarts: number;
}

/**
 * A job server that is killed at times, among clients, workers, an administrator, a store and a clock that all behave as badly as they may, and that one seed
 * decides over entirely. It ends with honest workers only: then every job that was acknowledged must reach its end.
 */
export class Simulation {
  readonly random: Random;
  readonly world: World;
  readonly functions: typeof FUNCTIONS = FUNCTIONS;
  /** No new faults and no new jobs. */
  ending = false;
  readonly #actors: Map<number, Actor> = new Map();
  readonly #started: number;
  #events: Event[] = [];
  #count = 0;
  #hash = 0x811c9dc5;
  #storing = false;
  #restarts = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    const { random } = this;
    this.world = new World({
      jobRetries: random.pick([-1, -1, -1, 0, 3]),
      workerWakeup: random.pick([undefined, undefined, undefined, 0, 2]),
      limits: random.pick([{}, {}, { maxJobs: 40 }, { maxJobBytes: 3000, maxIdleFunctions: 2 }]),
    });
    this.#started = this.now;
  }

  get now(): number {
    return this.world.clock.monotonic();
  }

  /** Runs for that long, then lets everything come to its end. */
  run(minutes: number): Report {
    for (let n = 2 + this.random.below(8); n > 0; n--) this.#join(new ClientActor(this));
    for (let n = 1 + this.random.below(8); n > 0; n--)
      this.#join(new WorkerActor(this, WorkerActor.someManners(this.random)));
    this.#disturb();
    this.#runUntil(this.now + minutes * MINUTE);
    this.#drainHonestly();
    const { acknowledgements } = this.world.ledger;
    return {
      hash: this.#hash,
      events: this.#count,
      hours: (this.now - this.#started) / 3600_000,
      acknowledged: acknowledgements,
      restarts: this.#restarts,
    };
  }

  /** Does it after so many milliseconds. */
  after(ms: number, act: () => void): void {
    const at = this.now + ms;
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1]?.at ?? 0) > at) place--;
    this.#events.splice(place, 0, { at, act });
  }

  /** A new connection of that actor. */
  connect(actor: Actor): number {
    const id = this.world.connect();
    this.#actors.set(id, actor);
    return id;
  }

  disconnect(id: number): void {
    this.#actors.delete(id);
    this.post(this.world.leave(id));
  }

  /** Packets reach their connections a little later, each connection's in order. */
  post(sent: readonly Sent[]): void {
    for (const packet of sent) {
      this.#note(`${packet.to} ${packet.what} ${packet.handle} ${packet.how}`);
      const actor = this.#actors.get(packet.to);
      if (actor === undefined) continue;
      actor.inbox.push(packet);
      this.after(this.random.around(1), () => actor.receive());
    }
  }

  #join(actor: Actor): void {
    this.after(this.random.around(1000), () => actor.start());
  }

  /** Commits take a while, fail at times, and at times nothing moves for seconds. */
  #store(): void {
    const { random, ending } = this;
    if (this.#storing || this.world.store.outstanding === 0) return;
    this.#storing = true;
    this.after(random.chance(0.05) && !ending ? random.around(4000) : random.around(5), () => this.#commit());
  }

  #commit(): void {
    const { random, world, ending } = this;
    this.#storing = false;
    for (let n = random.below(6); n >= 0; n--) {
      const fails = !ending && random.chance(0.1);
      this.post(world.commit(fails ? random.pick<CommitFailure>(["not stored", "no space"]) : undefined));
    }
  }

  /** The server ends, cleanly or by kill -9, and starts again: who was connected comes back later. */
  #restart(): void {
    const { random, world } = this;
    this.#restarts++;
    const clean = random.chance(0.3);
    if (clean) this.post(world.drain());
    const commits = clean ? world.store.outstanding : random.below(4);
    const actors = [...this.#actors.values()];
    this.#actors.clear();
    world.restart(commits);
    this.#note(`restart, ${world.server.gauges.jobs} jobs`);
    checkInvariants(world);
    for (const actor of actors) actor.lost();
  }

  /** The administrator, and whoever sets the clock. */
  #disturb(): void {
    if (this.ending) return;
    const { random, world } = this;
    const name = random.pick(this.functions);
    const what = random.below(20);
    if (what < 2) world.clock.jump((random.below(7) - 3) * random.pick([1000, MINUTE, 60 * MINUTE]));
    else if (what < 6) this.#cancelSome();
    else if (what < 7) this.post(world.dropFunction(name).sent);
    else if (what < 8) world.server.createFunction(name);
    else if (what < 10) world.server.setMaxQueue(name, [random.below(5)]);
    else if (what < 11) this.#join(new WorkerActor(this, WorkerActor.someManners(random)));
    else if (what < 12) this.#join(new ClientActor(this));
    else if (what < 14) this.#restart();
    this.after(random.around(3000), () => this.#disturb());
  }

  #cancelSome(): void {
    const jobs = [...this.world.server.jobs()];
    const handle = jobs[this.random.below(jobs.length)]?.handle;
    if (handle !== undefined) this.post(this.world.cancel(handle) ?? []);
  }

  /** Time goes from one event to the next, and the server's timer rings when it asked for it, or a little late. */
  #runUntil(end: number): void {
    while (this.now < end) this.#step(end);
  }

  #step(end: number): void {
    const { world, random } = this;
    const untilEvent = (this.#events[0]?.at ?? end) - this.now;
    const untilTick = world.server.untilTick();
    world.clock.advance(Math.max(0, Math.min(untilEvent, untilTick, end - this.now)));
    if (untilTick <= untilEvent) {
      if (random.chance(0.05)) world.clock.advance(random.around(10));
      this.post(world.tick());
      must(world.server.untilTick() > 0, "a tick does all that is due");
    } else this.#events.shift()?.act();
    this.#store();
    if (this.#count % RECOUNT_EVERY === 0) checkInvariants(world);
    this.#count++;
  }

  /** Who behaves badly goes; who comes works. Then nothing may be left. */
  #drainHonestly(): void {
    const { world } = this;
    this.ending = true;
    for (const name of this.functions) world.server.setMaxQueue(name, [0]);
    for (const actor of [...this.#actors.values()]) if (!actor.patient) actor.stop();
    for (let n = 0; n < 3; n++) this.#join(new WorkerActor(this, HONEST));
    for (let minutes = 0; minutes < 600 && this.#busy; minutes++) {
      this.#runUntil(this.now + MINUTE);
      // Epoch jobs that the clock's jumps have put far off.
      world.clock.jump(60 * MINUTE);
    }
    checkInvariants(world);
    const { ledger, server, store } = world;
    must(!this.#busy, `nothing is left: ${JSON.stringify(server.gauges)}, ${store.outstanding} commits out`);
    must(ledger.acknowledged.size === 0, "every acknowledged job has ended");
    must([...ledger.awaited].length === 0, "every client has its result");
    must(ledger.open.size === 0, "every submit is answered");
    for (const handle of store.handles()) must(store.state(handle) === "dead", `${handle} is not kept for ever`);
  }

  get #busy(): boolean {
    return this.world.server.gauges.jobs > 0 || this.world.store.outstanding > 0;
  }

  /** FNV-1a over all that was sent, and when. */
  #note(line: string): void {
    for (const char of `${this.now.toFixed(3)} ${line}\n`) {
      this.#hash = Math.imul(this.#hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
    }
  }
}
