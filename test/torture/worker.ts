import type { Packet } from "../../src/link/link.ts";
import type { Contact } from "./contact.ts";
import { FUNCTIONS, hash } from "./draw.ts";
import type { Life } from "./life.ts";

/** The shares of jobs at which it leaves, takes its time, or fails. */
const LEAVES = 0.002;
const SLOW = 0.002;
const FAILS = 0.03;
/** The share after which it asks what is durable. */
const ASKS = 0.06;
/** Milliseconds of a job that takes its time, on average. */
const LONG = 60;

/**
 * A worker with one job at a time. From time to time it learns which of its ends are durable, by a submit of its own or a barrier.
 *
 *     asleep --NOOP--> grabbing --NO_JOB--> asleep
 *                      grabbing --JOB_ASSIGN--> working --> grabbing
 */
export class Worker {
  readonly #life: Life;
  readonly #contact: Contact;
  #asleep = false;
  #hasBarrier = false;
  /** The submit or barrier that is not answered. */
  #asked: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(life: Life, contact: Contact) {
    this.#life = life;
    this.#contact = contact;
    void contact.closed.then(() => clearTimeout(this.#timer));
    contact.send("OPTION_REQ", ["barrier"]);
    for (const fn of FUNCTIONS) contact.send("CAN_DO", [fn]);
    this.#grab();
  }

  receive(packet: Packet): void {
    const [handle = ""] = packet.args;
    switch (packet.name) {
      case "NO_JOB":
        return this.#sleep();
      case "NOOP":
        return this.#wake();
      case "OPTION_RES":
        this.#hasBarrier = true;
        return;
      case "JOB_CREATED":
        return this.#isDurable((id) => this.#life.desk.write({ what: "acknowledged", id, handle }));
      case "ECHO_RES":
        return this.#isDurable((id) => this.#life.desk.write({ what: "passed", id }));
      case "JOB_ASSIGN_UNIQ":
      case "JOB_ASSIGN_ALL":
        this.#assigned(packet);
    }
  }

  #grab(): void {
    this.#asleep = false;
    this.#contact.send("GRAB_JOB_ALL");
  }

  #sleep(): void {
    this.#asleep = true;
    this.#contact.send("PRE_SLEEP");
  }

  #wake(): void {
    if (this.#asleep) this.#grab();
  }

  #assigned({ args, data }: Packet): void {
    const [handle = "", fn = "", unique = "", reducer = ""] = args;
    const { desk } = this.#life;
    const job = { function: fn, unique, reducer, workload: hash(data), at: Date.now() / 1000 };
    desk.write({ what: "assigned", connection: this.#contact.number, handle, ...job });
    if (desk.random.chance(LEAVES)) return this.#contact.drop();
    if (!desk.random.chance(SLOW)) return this.#finish(handle);
    this.#timer = setTimeout(() => this.#finish(handle), desk.random.around(LONG));
  }

  #finish(handle: string): void {
    const { random, write } = this.#life.desk;
    const packet = random.chance(FAILS) ? "WORK_FAIL" : "WORK_COMPLETE";
    write({ what: "completed", connection: this.#contact.number, handle, packet });
    this.#life.ended(handle);
    this.#contact.send(packet, [handle]);
    if (this.#asked === undefined && random.chance(ASKS)) this.#ask();
    this.#grab();
  }

  /** Asks for an answer that waits for the commit of all that was sent before. */
  #ask(): void {
    const { desk } = this.#life;
    this.#asked = desk.number();
    if (!this.#hasBarrier || desk.random.chance(0.5))
      return this.#contact.submit(this.#asked, desk.draw.fresh(this.#asked));
    desk.write({ what: "barrier", id: this.#asked, connection: this.#contact.number });
    this.#contact.send("ECHO_REQ", [], Buffer.from(`${this.#asked}`));
  }

  #isDurable(write: (id: number) => void): void {
    if (this.#asked !== undefined) write(this.#asked);
    this.#asked = undefined;
  }
}
