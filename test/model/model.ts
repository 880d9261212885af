import type { Finish } from "../../src/core/results.ts";
import type { GrabKind, JobSpec } from "../../src/core/types.ts";
import type { Sent, WorldOptions } from "./world.ts";

interface ModelJob {
  readonly handle: string;
  readonly spec: JobSpec;
  state: "storing" | "delayed" | "queued" | "running" | "gone";
  stored: "no" | "pending" | "yes";
  clients: number[];
  tickets: { readonly to: number; readonly background: boolean }[];
  worker: ModelPeer | undefined;
  shunned: ModelPeer | undefined;
  cancelled: boolean;
  runs: number;
  /** When it is due, or when its time is over. */
  at: number;
  /** Its place among those that wait or run: the later, the greater. */
  place: number;
}

interface ModelPeer {
  readonly id: number;
  /** The newest first. */
  abilities: { readonly name: string; readonly timeout: number }[];
  /** In the order they were grabbed. */
  running: ModelJob[];
  asleep: boolean;
  woken: boolean;
  fruitless: number;
}

interface ModelFunction {
  readonly name: string;
  limits: readonly number[];
}

type EndReason = Finish | "dead" | "cancelled" | "abandoned";

/**
 * What a job server is to do, said as plainly as possible and as slowly as need be: arrays, searched from the front. It foretells every
 * packet but the NOOPs to sleepers, of which it only says whether they may be sent (`mayWake`).
 */
export class Model {
  jobs: ModelJob[] = [];
  peers: ModelPeer[] = [];
  functions: ModelFunction[] = [];
  /** Names of functions: the first is served first. */
  turns: string[] = [];
  /** Held grabs, the oldest first. */
  held: { readonly peer: ModelPeer; readonly kind: GrabKind; readonly until: number }[] = [];
  /** Commits that are out. */
  commits: ModelJob[] = [];
  now = 0;
  wall = 0;
  draining = false;
  full = false;
  readonly #options: WorldOptions;
  #sent: Sent[] = [];
  #handles = 0;
  #place = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  connect(id: number): void {
    this.peers.push({ id, abilities: [], running: [], asleep: false, woken: false, fruitless: 0 });
  }

  leave(id: number): void {
    const peer = this.#peer(id);
    this.held = this.held.filter((hold) => hold.peer !== peer);
    for (const job of [...this.jobs]) {
      if (!job.clients.includes(id)) continue;
      job.clients = job.clients.filter((client) => client !== id);
      this.#abandonIfUnwanted(job);
    }
    for (const job of [...peer.running].reverse()) this.#requeue(job);
    for (const { name } of peer.abilities) this.#forgo(peer, name);
    this.peers = this.peers.filter((other) => other !== peer);
  }

  submit(id: number, spec: JobSpec): void {
    this.#request(id);
    const refused = this.draining ? "draining" : undefined;
    const known = this.jobs.find((job) => !job.cancelled && coalesce(job.spec, spec));
    if (refused !== undefined || known === undefined) return this.#create(id, spec, refused);
    const background = spec.background && known.stored !== "yes";
    if (background && known.stored === "no") this.#store(known);
    if (!spec.background) known.clients.push(id);
    if (background || (!spec.background && known.state === "storing"))
      known.tickets.push({ to: id, background: spec.background });
    else this.#send(id, "created", known.handle);
  }

  #create(id: number, spec: JobSpec, early: string | undefined): void {
    const refused = early ?? this.#refusal(spec);
    if (refused !== undefined) return this.#send(id, "refused", "", refused);
    this.#open(spec.function);
    const rest = {
      clients: [],
      tickets: [],
      worker: undefined,
      shunned: undefined,
      cancelled: false,
      runs: 0,
      at: 0,
      place: 0,
    };
    const job: ModelJob = { handle: String(++this.#handles), spec, state: "storing", stored: "no", ...rest };
    this.jobs.push(job);
    if (spec.background) {
      job.tickets.push({ to: id, background: true });
      return this.#store(job);
    }
    job.clients.push(id);
    this.#send(id, "created", job.handle);
    this.#enqueue(job);
  }

  #refusal(spec: JobSpec): string | undefined {
    const { maxJobs = Number.POSITIVE_INFINITY } = this.#options.limits;
    if (this.jobs.length >= maxJobs) this.full = true;
    if (this.full) return "server full";
    const limit = this.functions.find(({ name }) => name === spec.function)?.limits[spec.priority] ?? 0;
    const there = this.jobs.filter((job) => job.spec.function === spec.function).length;
    return limit > 0 && there >= limit ? "function full" : undefined;
  }

  commit(succeeds: boolean): void {
    const job = this.commits.shift();
    if (job === undefined) return;
    for (const { to, background } of job.tickets)
      this.#send(to, succeeds || !background ? "created" : "refused", job.handle);
    job.tickets = [];
    job.stored = succeeds ? "yes" : "no";
    if (job.state !== "storing") return this.#abandonIfUnwanted(job);
    if (succeeds || job.clients.length > 0) this.#enqueue(job);
    else this.#remove(job);
  }

  canDo(id: number, name: string, timeout: number): void {
    const peer = this.#request(id);
    this.#open(name);
    if (!this.turns.includes(name)) this.turns.unshift(name);
    peer.abilities = [{ name, timeout }, ...peer.abilities.filter((ability) => ability.name !== name)];
  }

  cantDo(id: number, name: string): void {
    this.#forgo(this.#request(id), name);
  }

  resetAbilities(id: number): void {
    const peer = this.#request(id);
    for (const { name } of peer.abilities) this.#forgo(peer, name);
  }

  grab(id: number, kind: GrabKind, busy: boolean): void {
    const peer = this.#request(id);
    const { woken } = peer;
    peer.asleep = false;
    peer.woken = false;
    const job = this.draining ? undefined : this.#take(peer);
    if (job !== undefined) {
      if (woken) peer.fruitless = 0;
      this.#send(id, "assign", job.handle, kind);
    } else if (busy && !this.draining && peer.fruitless < 3) this.held.push({ peer, kind, until: this.now + 1.5 });
    else this.#send(id, "no job");
  }

  preSleep(id: number): void {
    const peer = this.#request(id);
    peer.woken = false;
    peer.asleep = this.draining || this.#next(peer) === undefined;
    if (!peer.asleep) this.#send(id, "noop", "", "there");
  }

  finish(id: number, handle: string, how: Finish): void {
    const peer = this.#request(id);
    const job = this.jobs.find((one) => one.handle === handle);
    if (job?.worker === peer) return this.#finish(job, peer, how);
    if (job?.shunned === peer) job.shunned = undefined;
    this.#offer();
    this.#send(id, "unknown", handle);
  }

  #finish(job: ModelJob, peer: ModelPeer, how: Finish): void {
    peer.running = peer.running.filter((other) => other !== job);
    this.#end(job, how);
  }

  cancel(handle: string): boolean {
    const job = this.jobs.find((one) => one.handle === handle && !one.cancelled);
    if (job === undefined) return false;
    if (job.state !== "running") this.#end(job, "cancelled");
    else this.#tell(job, "cancelled");
    job.cancelled = true;
    return true;
  }

  createFunction(name: string): void {
    this.#open(name);
  }

  dropFunction(wanted: string): { dropped: number; busy: number } {
    const found = this.functions.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    const free = found.filter(({ name }) => this.#workers(name).length === 0);
    for (const { name } of free)
      for (const job of [...this.jobs]) if (job.spec.function === name) this.#end(job, "cancelled");
    this.functions = this.functions.filter((fn) => !free.includes(fn));
    this.turns = this.turns.filter((name) => !free.some((fn) => fn.name === name));
    return { dropped: free.length, busy: found.length - free.length };
  }

  setMaxQueue(wanted: string, limit: number): void {
    for (const fn of this.functions) if (fn.name === wanted) fn.limits = [limit, limit, limit];
  }

  tick(): void {
    for (const { peer, until } of this.held) if (until <= this.now) this.#release(peer);
    for (const job of this.#due("delayed", this.wall)) this.#makeRunnable(job);
    for (const job of this.#due("running", this.now)) {
      job.shunned = job.worker;
      this.#requeue(job);
    }
  }

  drain(): void {
    this.draining = true;
    for (const { peer } of this.held) this.#release(peer);
  }

  /** Whether a NOOP may be sent to that sleeper now. */
  mayWake(id: number): boolean {
    const peer = this.#peer(id);
    return peer.asleep && !peer.woken && this.#next(peer) !== undefined;
  }

  /** The packets that were sent since it was last asked. */
  takeSent(): Sent[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  #due(state: ModelJob["state"], now: number): ModelJob[] {
    return this.jobs
      .filter((job) => job.state === state && job.at <= now)
      .sort((a, b) => a.at - b.at || a.place - b.place);
  }

  #enqueue(job: ModelJob): void {
    job.at = job.spec.epoch * 1000;
    job.place = ++this.#place;
    if (job.at > this.wall) job.state = "delayed";
    else this.#makeRunnable(job);
  }

  #makeRunnable(job: ModelJob): void {
    job.state = "queued";
    job.place = ++this.#place;
    this.#offer();
  }

  /** Held grabs get what they can. */
  #offer(): void {
    for (const hold of this.draining ? [] : this.held) {
      const job = this.#take(hold.peer);
      if (job === undefined) continue;
      this.held = this.held.filter((other) => other !== hold);
      hold.peer.fruitless = 0;
      this.#send(hold.peer.id, "assign", job.handle, hold.kind);
    }
  }

  #take(peer: ModelPeer): ModelJob | undefined {
    const job = this.#next(peer);
    if (job === undefined) return undefined;
    const { function: served } = job.spec;
    this.turns = [...this.turns.filter((name) => name !== served), served];
    peer.running.push(job);
    const timeout = peer.abilities.find(({ name }) => name === served)?.timeout ?? 0;
    Object.assign(job, { state: "running", worker: peer, shunned: undefined, place: ++this.#place });
    job.at = timeout > 0 ? this.now + Math.max(timeout, 1000) : Number.POSITIVE_INFINITY;
    return job;
  }

  /** HIGH before NORMAL before LOW, functions by their turn, then first in first out. */
  #next(peer: ModelPeer): ModelJob | undefined {
    const turn = (job: ModelJob): number => this.turns.indexOf(job.spec.function);
    const order = (a: ModelJob, b: ModelJob): number =>
      a.spec.priority - b.spec.priority || turn(a) - turn(b) || a.place - b.place;
    const can = (job: ModelJob): boolean => peer.abilities.some(({ name }) => name === job.spec.function);
    const free = this.jobs.filter((job) => job.state === "queued" && can(job));
    const others = (job: ModelJob): boolean => this.#workers(job.spec.function).some((other) => other !== peer);
    return free.filter((job) => job.shunned !== peer || !others(job)).sort(order)[0];
  }

  #workers(name: string): ModelPeer[] {
    return this.peers.filter((peer) => peer.abilities.some((ability) => ability.name === name));
  }

  #forgo(peer: ModelPeer, name: string): void {
    if (!peer.abilities.some((ability) => ability.name === name)) return;
    peer.abilities = peer.abilities.filter((ability) => ability.name !== name);
    for (const job of [...peer.running].reverse()) if (job.spec.function === name) this.#requeue(job);
    this.#offer();
  }

  #requeue(job: ModelJob): void {
    const { worker } = job;
    if (worker !== undefined) worker.running = worker.running.filter((other) => other !== job);
    job.worker = undefined;
    if (job.cancelled || (job.clients.length === 0 && job.stored === "no")) return this.#remove(job);
    job.runs++;
    const { jobRetries } = this.#options;
    if (jobRetries >= 0 && job.runs >= Math.max(1, jobRetries)) this.#end(job, "dead");
    else this.#makeRunnable(job);
  }

  #abandonIfUnwanted(job: ModelJob): void {
    const waits = job.state === "queued" || job.state === "delayed";
    if (waits && job.clients.length === 0 && job.stored === "no") this.#end(job, "abandoned");
  }

  #end(job: ModelJob, how: EndReason): void {
    this.#tell(job, how);
    this.#remove(job);
  }

  /** Submits that wait for its commit are answered well, but for a job that died: that has to be stored. */
  #tell(job: ModelJob, how: EndReason): void {
    if (how !== "dead") for (const { to } of job.tickets.splice(0)) this.#send(to, "created", job.handle);
    for (const client of job.clients) this.#send(client, "final", job.handle, how);
    job.clients = [];
  }

  #remove(job: ModelJob): void {
    job.state = "gone";
    this.jobs = this.jobs.filter((other) => other !== job);
    const { maxJobs = Number.POSITIVE_INFINITY } = this.#options.limits;
    if (this.jobs.length <= maxJobs * 0.8) this.full = false;
  }

  #store(job: ModelJob): void {
    job.stored = "pending";
    this.commits.push(job);
  }

  #request(id: number): ModelPeer {
    const peer = this.#peer(id);
    if (this.held.some((hold) => hold.peer === peer)) this.#release(peer);
    return peer;
  }

  #release(peer: ModelPeer): void {
    this.held = this.held.filter((hold) => hold.peer !== peer);
    peer.fruitless++;
    this.#send(peer.id, "no job");
  }

  #peer(id: number): ModelPeer {
    const peer = this.peers.find((one) => one.id === id);
    if (peer === undefined) throw new Error(`the model knows no connection ${id}`);
    return peer;
  }

  #open(name: string): void {
    if (!this.functions.some((fn) => fn.name === name)) this.functions.push({ name, limits: [] });
  }

  #send(to: number, what: Sent["what"], handle = "", how = ""): void {
    if (this.peers.some(({ id }) => id === to)) this.#sent.push({ to, what, handle, how });
  }
}

/** Jobs of one function with one unique are one; `-`: with one workload. */
function coalesce(a: JobSpec, b: JobSpec): boolean {
  if (a.function !== b.function || a.unique !== b.unique || a.unique === "") return false;
  return a.unique !== "-" || (a.workload.length > 0 && String(a.workload) === String(b.workload));
}
