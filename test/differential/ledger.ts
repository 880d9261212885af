import { isBackground, type KnownJob, newJob } from "./known-job.ts";
import type { RuleId } from "./rules.ts";
import type { Argument, Event, HandleOf, Message, Spoken, SpokenPacket } from "./script.ts";
import type { Which } from "./side.ts";

/**
 * What the script has done so far, as far as the list of differences needs to know it: written from the answers on which both
 * servers agreed.
 */

/** One connection. */
export interface Party {
  readonly created: string[];
  readonly assigned: string[];
  /** As gearmand lists them: the newest first, one registered twice is there twice. */
  abilities: string[];
  /** It has said PRE_SLEEP since its last grab. */
  asleep: boolean;
  /** It got a NOOP since its last grab. */
  woken: boolean;
  /** Whose NOOPs need no counterpart until its next grab, because of which difference: they told it apart that there is work. */
  readonly toldApart: Map<Which, RuleId>;
}

export class Ledger {
  readonly #parties: Map<number, Party> = new Map();
  readonly jobs: Map<string, KnownJob> = new Map();
  /** Functions that have had a limit. */
  readonly limited: Set<string> = new Set();

  party(on: number): Party {
    const known = this.#parties.get(on);
    if (known !== undefined) return known;
    const made: Party = {
      created: [],
      assigned: [],
      abilities: [],
      asleep: false,
      woken: false,
      toldApart: new Map(),
    };
    this.#parties.set(on, made);
    return made;
  }

  parties(): IterableIterator<[number, Party]> {
    return this.#parties.entries();
  }

  /** Puts the handles in. */
  speak(message: Message): Spoken {
    if ("line" in message) return { line: message.line.map((part) => this.#word(part)).join("") };
    const { packet, magic } = message;
    return { packet, magic, args: message.args.map((arg) => this.#word(arg)) };
  }

  /** What was sent on a connection, and what came back there. */
  note(on: number, messages: readonly Spoken[], events: readonly Event[]): void {
    const party = this.party(on);
    const answers = events.filter(({ name }) => !RELAYED.test(name));
    for (const message of messages) {
      if ("line" in message) this.#noteLine(message.line, answers.shift());
      else if (message.magic === "RES") answers.shift();
      else this.#notePacket(on, party, message, answers);
    }
  }

  /** Somebody was told something. */
  noteNoops(on: number, events: readonly Event[]): void {
    if (events.some(({ name }) => name === "NOOP")) this.party(on).woken = true;
  }

  close(on: number): void {
    this.#release(on, () => true);
    this.#parties.delete(on);
    for (const job of this.jobs.values()) {
      if (!job.clients.includes(on)) continue;
      job.clients = job.clients.filter((client) => client !== on);
      if (job.clients.length === 0) job.leftAlone = true;
    }
  }

  /** Drops what neither server knows any more. */
  keep(alive: (handle: string) => boolean): void {
    for (const handle of [...this.jobs.keys()]) if (!alive(handle)) this.jobs.delete(handle);
  }

  sleepers(fn: string): Party[] {
    return [...this.#parties.values()].filter((party) => party.asleep && party.abilities.includes(fn));
  }

  #word(arg: Argument): string {
    return typeof arg === "string" ? arg : this.#handle(arg) + arg.suffix;
  }

  #handle({ told, on, back }: HandleOf): string {
    const handles = this.#parties.get(on)?.[told] ?? [];
    return handles.at(-1 - (back % Math.max(1, handles.length))) ?? "H:none:1";
  }

  #noteLine(line: string, answer: Event | undefined): void {
    const [command = "", , third = ""] = line.trimEnd().split(/ +/);
    if (/^maxqueue$/i.test(command)) this.limited.add(line.split(/ +/)[1]?.trim() ?? "");
    const job = this.jobs.get(third);
    if (/^cancel +job /i.test(line) && answer?.args[0] === "OK\r\n" && job !== undefined) job.cancelled = true;
  }

  #notePacket(on: number, party: Party, { packet, args }: SpokenPacket, answers: Event[]): void {
    const [first = ""] = args;
    if (packet === "CAN_DO" || packet === "CAN_DO_TIMEOUT") party.abilities.unshift(first);
    else if (packet === "CANT_DO") this.#release(on, (fn) => fn === first);
    else if (packet === "RESET_ABILITIES") this.#release(on, () => true);
    else if (packet === "PRE_SLEEP") this.#noteSleep(party);
    else if (packet.startsWith("WORK_")) this.#noteWork(on, packet, first, answers);
    else if (packet !== "SET_CLIENT_ID") this.#noteAnswer(on, party, packet, args, answers.shift());
  }

  #noteSleep(party: Party): void {
    party.asleep = true;
    // gearmand will not tell it again before its next grab.
    if (party.woken) party.toldApart.set("ours", "pre-sleep-clears-noop");
  }

  #noteAnswer(on: number, party: Party, packet: string, args: readonly string[], answer: Event | undefined): void {
    if (packet.startsWith("GRAB_JOB")) {
      party.asleep = false;
      party.woken = false;
      party.toldApart.clear();
      if (answer?.name.startsWith("JOB_ASSIGN")) this.#noteAssign(on, party, answer.args[0] ?? "");
    } else if (packet.startsWith("SUBMIT_") && answer?.name === "JOB_CREATED") {
      this.#noteSubmit(on, party, packet, args, answer.args[0] ?? "");
    }
  }

  #noteAssign(on: number, party: Party, handle: string): void {
    party.assigned.push(handle);
    const job = this.jobs.get(handle);
    if (job !== undefined) job.worker = on;
  }

  #noteSubmit(on: number, party: Party, packet: string, args: readonly string[], handle: string): void {
    party.created.push(handle);
    const background = isBackground(packet);
    const job = this.jobs.get(handle) ?? newJob(handle, packet, args);
    this.jobs.set(handle, job);
    if (background) job.background = true;
    else job.clients.push(on);
  }

  /** WORK_* has an answer only if it was refused. */
  #noteWork(on: number, packet: string, handle: string, answers: Event[]): void {
    const job = this.jobs.get(handle.split("\0")[0] ?? "");
    if (job?.worker !== on) {
      answers.shift();
      return;
    }
    if (/COMPLETE|FAIL|EXCEPTION/.test(packet)) this.jobs.delete(job.handle);
  }

  #release(on: number, gives: (fn: string) => boolean): void {
    const party = this.party(on);
    party.abilities = party.abilities.filter((fn) => !gives(fn));
    for (const job of this.jobs.values()) if (job.worker === on && gives(job.function)) job.worker = undefined;
  }
}

/** What may come on a connection that did not ask for it. */
const RELAYED = /^(NOOP|WORK_\w+|CLOSED)$/;
