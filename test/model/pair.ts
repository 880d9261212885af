import { deepStrictEqual } from "node:assert/strict";
import type { Command } from "./commands.ts";
import { checkInvariants } from "./invariants.ts";
import { must } from "./ledger.ts";
import { Model } from "./model.ts";
import { type Sent, World, type WorldOptions } from "./world.ts";

/** Every sleeper is awake so long after there is a job for it, milliseconds: 200, and what one more look may take. */
const ALL_WOKEN_AFTER = 220;

/** The job server and the model, to which the same things happen. */
export class Pair {
  readonly #world: World;
  readonly #model: Model;
  #ids: number[] = [];
  /** Since when a sleeper could have had a job. */
  readonly #neglected: Map<number, number> = new Map();

  constructor(options: WorldOptions) {
    this.#world = new World(options);
    this.#model = new Model(options);
    for (let n = 0; n < 3; n++) this.#connect();
  }

  /** Does a command to both, compares what they say, and checks what must always be so. */
  run(command: Command): void {
    this.#setClock();
    const sent = this.#perform(command);
    if (sent === undefined) return;
    this.#compare(sent);
    checkInvariants(this.#world);
    this.#checkNeglected(command.what === "pass");
  }

  /** Undefined: there is nobody to do it. */
  #perform(command: Command): Sent[] | undefined {
    const world = this.#world;
    const model = this.#model;
    switch (command.what) {
      case "connect":
        return this.#connect();
      case "commit":
        model.commit(command.succeeds);
        return world.commit(command.succeeds ? undefined : "not stored");
      case "cancel":
        return this.#cancel(pick(model.jobs, command.job)?.handle);
      case "createFunction":
        model.createFunction(command.name);
        world.server.createFunction(command.name);
        return [];
      case "dropFunction":
        return this.#dropFunction(command.name);
      case "setMaxQueue":
        model.setMaxQueue(command.name, command.limit);
        world.server.setMaxQueue(command.name, [command.limit]);
        return [];
      case "pass":
        world.clock.advance(command.ms);
        return this.#tick();
      case "jump":
        world.clock.jump(command.ms);
        return this.#tick();
      case "drain":
        model.drain();
        return world.drain();
      default: {
        const id = pick(this.#ids, command.peer);
        return id === undefined ? undefined : this.#request(command, id);
      }
    }
  }

  /** What a connection asks for. */
  #request(command: Extract<Command, { peer: number }>, id: number): Sent[] {
    const world = this.#world;
    const model = this.#model;
    switch (command.what) {
      case "leave":
        this.#ids = this.#ids.filter((other) => other !== id);
        this.#neglected.delete(id);
        model.leave(id);
        return world.leave(id);
      case "submit": {
        const epoch = command.delay === 0 ? 0 : Math.floor(world.clock.wall() / 1000) + command.delay;
        model.submit(id, { ...command.spec, epoch });
        return world.submit(id, { ...command.spec, epoch });
      }
      case "canDo":
        model.canDo(id, command.name, command.timeout);
        return world.canDo(id, command.name, command.timeout);
      case "cantDo":
        model.cantDo(id, command.name);
        return world.cantDo(id, command.name);
      case "resetAbilities":
        model.resetAbilities(id);
        return world.resetAbilities(id);
      case "preSleep":
        model.preSleep(id);
        return world.preSleep(id);
      case "grab":
        model.grab(id, command.kind, command.busy);
        return world.grab(id, command.kind, command.busy);
      case "finish": {
        const own = model.peers.find((peer) => peer.id === id)?.running ?? [];
        const handle = pick(command.own && own.length > 0 ? own : model.jobs, command.job)?.handle ?? "none";
        model.finish(id, handle, command.how);
        return world.finish(id, handle, command.how);
      }
    }
  }

  #connect(): Sent[] {
    const id = this.#world.connect();
    this.#model.connect(id);
    this.#ids.push(id);
    return [];
  }

  #cancel(handle = "none"): Sent[] {
    const cancelled = this.#model.cancel(handle);
    const sent = this.#world.cancel(handle);
    must(cancelled === (sent !== undefined), `${handle} can be cancelled: ${cancelled}`);
    return sent ?? [];
  }

  #dropFunction(name: string): Sent[] {
    const { sent, ...counts } = this.#world.dropFunction(name);
    deepStrictEqual(counts, this.#model.dropFunction(name));
    return sent;
  }

  #tick(): Sent[] {
    this.#setClock();
    this.#model.tick();
    return this.#world.tick();
  }

  #setClock(): void {
    this.#model.now = this.#world.clock.monotonic();
    this.#model.wall = this.#world.clock.wall();
  }

  /** Whom to wake is the server's to choose, among those that may be woken; everything else is foretold, connection by connection. */
  #compare(sent: readonly Sent[]): void {
    const woken = sent.filter(({ how }) => how === "woken");
    for (const { to } of woken) {
      must(this.#model.mayWake(to), `connection ${to} may be woken`);
      for (const peer of this.#model.peers) if (peer.id === to) peer.woken = true;
    }
    deepStrictEqual(byConnection(sent.filter((one) => !woken.includes(one))), byConnection(this.#model.takeSent()));
  }

  #checkNeglected(ticked: boolean): void {
    const now = this.#world.clock.monotonic();
    for (const { id } of this.#model.peers) {
      if (this.#model.draining || !this.#model.mayWake(id)) this.#neglected.delete(id);
      else if (!this.#neglected.has(id)) this.#neglected.set(id, now);
    }
    if (!ticked) return;
    for (const [id, since] of this.#neglected) must(now - since < ALL_WOKEN_AFTER, `connection ${id} is woken in time`);
  }
}

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];

/** What one connection is told of one job is in order; that created comes before final, and grabs are answered in turn, the ledger sees. */
function byConnection(sent: readonly Sent[]): Sent[][] {
  const groups = new Map<string, Sent[]>();
  for (const one of sent) {
    const key = `${one.to} ${one.handle}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
