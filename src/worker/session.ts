import { Conditions } from "../lib/waiting.ts";
import { GearmanError } from "../link/errors.ts";
import type { Link, LinkReceiver, Packet } from "../link/link.ts";
import { Announcements } from "./announcements.ts";
import { type Ability, Attempt } from "./attempt.ts";
import type { Context } from "./context.ts";
import { Grabs } from "./grabs.ts";
import { type Assignment, assignmentOf } from "./job.ts";
import type { Slots } from "./slots.ts";
import { BEATS, Vigil } from "./vigil.ts";

/** What the connections of a lane have in common. */
export interface Crew {
  /** By the function's name on the wire. */
  readonly abilities: ReadonlyMap<string, Ability>;
  readonly slots: Slots;
  /** There is one server only. */
  readonly alone: boolean;
}

/**
 * One connection to a server, from its opening to its end: it says what we can do, grabs, and has the jobs done.
 *
 *     new --start()--> serving --leave(), and nothing runs or is outstanding--> ending (all is sent) --> closed
 *     any --closed() by the link--> closed: what runs is aborted
 */
export class Session implements LinkReceiver {
  readonly #crew: Crew;
  readonly #context: Context;
  readonly #grabs: Grabs = new Grabs();
  readonly #attempts: Set<Attempt> = new Set();
  readonly #announcements: Announcements;
  readonly #vigil: Vigil = new Vigil();
  readonly #conditions: Conditions = new Conditions();
  #link: Link | undefined;
  #why: GearmanError | undefined;
  #ending = false;
  /** For how many reasons no jobs are taken for now. */
  #holds = 0;
  #heard = false;
  #leaving = false;
  /** For how many beats it is leaving, and its grabs are not answered. */
  #ignoredBeats = 0;

  constructor(crew: Crew, context: Context) {
    this.#crew = crew;
    this.#context = context;
    const send: Link["send"] = (...packet) => {
      if (!this.#ending) this.#link?.send(...packet);
    };
    this.#announcements = new Announcements(send, context.changed);
  }

  /** The link stands: what we can do is said at once. */
  start(link: Link): void {
    if (this.#why !== undefined) return;
    this.#link = link;
    this.#holds += 1;
    for (const ability of this.#crew.abilities.values()) this.announce(ability);
    this.#goOn();
  }

  announce(ability: Ability): void {
    if (this.#link === undefined || ability.leaving) return;
    this.#announcements.announce(ability);
    // Whoever sleeps is not woken for jobs of it that were there before.
    this.#grabs.woken();
    this.#context.changed();
  }

  /** Whether the server has shown that it knows that we can do this. */
  knows(wireName: string): boolean {
    return this.#why === undefined && this.#announcements.knows(wireName);
  }

  /** Whether the server has said anything: then it is one. */
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

  /**
   * Says CANT_DO once nothing of a function runs, and takes nothing meanwhile: CANT_DO gives running jobs to others. A function that is
   * not leaving is announced again.
   */
  async withdraw(ability: Ability): Promise<void> {
    await this.#calm(() => ![...this.#attempts].some((attempt) => attempt.live && attempt.ability === ability));
    this.#announcements.withdraw(ability.wireName);
    this.announce(ability);
    this.#goOn();
  }

  /** Takes no more jobs, lets what runs end, and closes. */
  async leave(): Promise<void> {
    this.#leaving = true;
    await this.#calm(() => this.#attempts.size === 0);
    this.#ending = true;
    this.#link?.close();
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
    // gearmand at times does not close when we have: nothing is lost by not waiting long for it.
    const isWaitedFor = this.#ending || (!this.#crew.alone && this.#grabs.outstanding > 0);
    const verdict = this.#vigil.beat(this.#link.heardAt, isWaitedFor);
    if (verdict === "ask") this.#announcements.ask();
    if (this.#leaving && this.#grabs.outstanding > 0) this.#ignoredBeats += 1;
    // It answers what it is asked, but not the grabs: who wants to leave cannot wait for ever.
    if (this.#ignoredBeats > 2 * BEATS)
      this.cut(new GearmanError("LOST", `${this.#link.server} does not answer a grab`));
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
        return this.#announcements.answered();
      default:
        return this.#ignored(packet);
    }
  }

  closed(why: GearmanError): void {
    this.#why = why;
    for (; this.#grabs.outstanding > 0; this.#grabs.refused()) this.#crew.slots.putBack();
    for (const attempt of this.#attempts) attempt.abort(why);
    this.#changed();
  }

  #assigned(assignment: Assignment): void {
    const link = this.#link;
    if (link === undefined || !this.#grabs.assigned(this.#crew.slots.limit)) {
      return this.#context.log.warn({ handle: assignment.handle }, "a job came that nobody had asked for: ignored");
    }
    const ability = this.#crew.abilities.get(assignment.name);
    if (ability === undefined) this.#decline(assignment);
    else void this.#run(new Attempt(assignment, ability, link, this.#context.codec));
    this.#changed();
  }

  /** Of no server that keeps to the protocol; CANT_DO gives the job back. */
  #decline({ handle, name }: Assignment): void {
    this.#context.log.warn({ handle, function: name }, "a job came of a function that is not registered: given back");
    this.#announcements.withdraw(name);
    this.#crew.slots.putBack();
  }

  async #run(attempt: Attempt): Promise<void> {
    this.#attempts.add(attempt);
    this.#context.started();
    this.#context.tell("job", attempt.job);
    const outcome = await attempt.run(() => this.#giveBack(attempt.ability));
    this.#attempts.delete(attempt);
    this.#crew.slots.free();
    this.#context.tell("done", attempt.job, outcome);
    this.#changed();
  }

  /**
   * A job's time has passed. The server has a clock of its own, but that of gearmand forgets a job when we sleep, or run another one
   * with a limit, on the same connection: the job would be ours for ever. CANT_DO gives it back for sure.
   */
  #giveBack(ability: Ability): void {
    this.#conditions.check();
    void this.withdraw(ability);
  }

  #refused(packet: Packet): void {
    if (!this.#grabs.refused()) return this.#ignored(packet);
    this.#crew.slots.putBack();
    // PROTOCOL: PRE_SLEEP. A job that came meanwhile is answered with NOOP, so none is slept through.
    if (this.#grabs.sleepy) this.#link?.send("PRE_SLEEP");
    this.#changed();
  }

  /** As the ERROR JOB_NOT_FOUND for a result that came too late. */
  #ignored({ name, args }: Packet): void {
    this.#context.log.debug({ server: this.#link?.server, packet: name, args }, "a packet that is of no use: ignored");
  }

  /** From now on no job is taken; settles once none can come, and that holds, or the connection is gone. */
  #calm(holds: () => boolean): Promise<void> {
    this.#holds += 1;
    return this.#conditions.until(() => this.#why !== undefined || (this.#grabs.outstanding === 0 && holds()));
  }

  #goOn(): void {
    this.#holds -= 1;
    this.#context.changed();
  }

  #changed(): void {
    this.#conditions.check();
    this.#context.changed();
  }
}
