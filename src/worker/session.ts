import { Conditions } from "../lib/waiting.ts";
import { GearmanError } from "../link/errors.ts";
import type { Link, LinkReceiver, Packet } from "../link/link.ts";
import { type Ability, Attempt } from "./attempt.ts";
import type { Context } from "./context.ts";
import { Grabs } from "./grabs.ts";
import { type Assignment, assignmentOf } from "./job.ts";
import type { Slots } from "./slots.ts";
import { Vigil } from "./vigil.ts";

/** What the connections of a lane have in common, by the function's name on the wire. */
export interface Crew {
  readonly abilities: ReadonlyMap<string, Ability>;
  readonly slots: Slots;
}

/**
 * One connection to a server, from its opening to its end: it says what we can do, grabs, and has the jobs done.
 *
 *     new --start()--> serving --leave(), and nothing runs or is outstanding--> ending --> closed
 *     any --closed() by the link--> closed
 */
export class Session implements LinkReceiver {
  readonly #crew: Crew;
  readonly #context: Context;
  readonly #grabs: Grabs = new Grabs();
  readonly #attempts: Set<Attempt> = new Set();
  readonly #conditions: Conditions = new Conditions();
  readonly #vigil: Vigil = new Vigil();
  /** What to do when the next ECHO_RES comes: it answers the oldest ECHO_REQ. */
  readonly #echoes: (() => void)[] = [];
  readonly #known: Set<string> = new Set();
  #link: Link | undefined;
  #why: GearmanError | undefined;
  /** While somebody waits for jobs to end, no more are taken. */
  #holds = 0;
  /** Whether the server has said anything. */
  #heard = false;

  constructor(crew: Crew, context: Context) {
    this.#crew = crew;
    this.#context = context;
  }

  /** The link stands: what we can do is said at once. */
  start(link: Link): void {
    if (this.#why !== undefined) return;
    this.#link = link;
    for (const ability of this.#crew.abilities.values()) if (!ability.leaving) this.announce(ability);
    this.#context.changed();
  }

  announce({ wireName, timeout }: Ability): void {
    if (this.#link === undefined) return;
    if (timeout === undefined) this.#link.send("CAN_DO", [wireName]);
    else this.#link.send("CAN_DO_TIMEOUT", [wireName, String(timeout)]);
    this.#echo(() => {
      this.#known.add(wireName);
      this.#context.changed();
    });
    // Whoever sleeps is not woken for jobs of it that were there before.
    this.#grabs.woken();
  }

  /** Whether the server has shown that it knows that we can do this. */
  knows(wireName: string): boolean {
    return this.#known.has(wireName) && this.#why === undefined;
  }

  /** Whether the server showed that it is one. */
  get heard(): boolean {
    return this.#heard;
  }

  /** Whether a free place is wanted. */
  get hungry(): boolean {
    return this.#link !== undefined && this.#holds === 0 && this.#why === undefined && this.#grabs.hungry;
  }

  /** Grabs for a place that is reserved. */
  grab(): void {
    this.#grabs.sent();
    this.#link?.send("GRAB_JOB_ALL");
  }

  /** Takes no more of this function, lets what runs of it end, and says so: CANT_DO takes running jobs away. */
  async forget(wireName: string): Promise<void> {
    this.#holds += 1;
    await this.#until(() => ![...this.#attempts].some(({ ability }) => ability.wireName === wireName));
    this.#known.delete(wireName);
    if (this.#why === undefined) this.#link?.send("CANT_DO", [wireName]);
    this.#holds -= 1;
    this.#context.changed();
  }

  /** Takes no more jobs, lets what runs end, and closes. */
  async leave(): Promise<void> {
    this.#holds += 1;
    await this.#until(() => this.#attempts.size === 0);
    this.#vigil.end();
    this.#link?.close();
    await this.ended();
  }

  /** Cuts the connection. */
  cut(why: GearmanError): void {
    this.#link?.destroy(why);
  }

  /** Why the link is gone, once it is. */
  async ended(): Promise<GearmanError> {
    await this.#conditions.until(() => this.#why !== undefined);
    return this.#why ?? new GearmanError("LOST", "the connection is gone");
  }

  /** Comes several times in each heartbeat. */
  beat(): void {
    if (this.#link === undefined) return;
    const verdict = this.#vigil.beat(this.#link.heardAt);
    if (verdict === "ask") this.#echo(() => {});
    if (verdict === "dead") this.cut(new GearmanError("LOST", `${this.#link.server} does not answer any more`));
  }

  packet(packet: Packet): void {
    this.#heard = true;
    switch (packet.name) {
      case "JOB_ASSIGN":
      case "JOB_ASSIGN_UNIQ":
      case "JOB_ASSIGN_ALL":
        return this.#assigned(assignmentOf(packet.args, packet.data));
      case "NO_JOB":
        return this.#refused(packet);
      case "NOOP":
        this.#grabs.woken();
        return this.#context.changed();
      case "ECHO_RES":
        return this.#echoes.shift()?.();
      default:
        return this.#ignored(packet);
    }
  }

  closed(why: GearmanError): void {
    this.#why = why;
    for (; this.#grabs.outstanding > 0; this.#grabs.refused()) this.#crew.slots.putBack();
    for (const attempt of this.#attempts) attempt.abort(why);
    this.#conditions.check();
    this.#context.changed();
  }

  #assigned(assignment: Assignment): void {
    const link = this.#link;
    if (link === undefined || !this.#grabs.assigned(this.#crew.slots.limit)) {
      return this.#context.log.warn({ handle: assignment.handle }, "a job came that nobody had asked for: ignored");
    }
    const ability = this.#crew.abilities.get(assignment.name);
    if (ability === undefined) this.#decline(link, assignment);
    else void this.#run(new Attempt(assignment, ability, link, this.#context.codec));
    this.#conditions.check();
    this.#context.changed();
  }

  /** Of no server that keeps to the protocol; CANT_DO gives the job back. */
  #decline(link: Link, { handle, name }: Assignment): void {
    this.#context.log.warn({ handle, function: name }, "a job came of a function that is not registered: given back");
    link.send("CANT_DO", [name]);
    this.#crew.slots.putBack();
  }

  async #run(attempt: Attempt): Promise<void> {
    this.#attempts.add(attempt);
    this.#context.started();
    this.#context.tell("job", attempt.job);
    const outcome = await attempt.run();
    this.#attempts.delete(attempt);
    this.#crew.slots.free();
    this.#context.tell("done", attempt.job, outcome);
    this.#conditions.check();
    this.#context.changed();
  }

  #refused(packet: Packet): void {
    if (!this.#grabs.refused()) return this.#ignored(packet);
    this.#crew.slots.putBack();
    // PROTOCOL: PRE_SLEEP. A job that came meanwhile is answered with NOOP, so none is slept through.
    if (this.#grabs.sleepy) this.#link?.send("PRE_SLEEP");
    this.#conditions.check();
    this.#context.changed();
  }

  /** As the ERROR JOB_NOT_FOUND for a result that came too late. */
  #ignored({ name, args }: Packet): void {
    this.#context.log.debug({ server: this.#link?.server, packet: name, args }, "a packet that is of no use: ignored");
  }

  #echo(answered: () => void): void {
    this.#echoes.push(answered);
    this.#link?.send("ECHO_REQ", [], ALIVE);
  }

  #until(holds: () => boolean): Promise<void> {
    return this.#conditions.until(() => this.#why !== undefined || (this.#grabs.outstanding === 0 && holds()));
  }
}

const ALIVE = Buffer.from("gearmand-ts");
