import type { Packet } from "../../src/link/link.ts";
import type { Contact } from "./contact.ts";
import type { Life } from "./life.ts";

/** Submits without an answer, at the most. */
const WINDOW = 16;
/** Milliseconds between bursts, on average. */
const PAUSE = 16;
/** The share of answers after which it leaves. */
const LEAVES = 0.0005;

/** A client that submits all sorts of jobs in bursts, and takes no notice of results. Answers come in the order of the submits. */
export class Submitter {
  readonly #life: Life;
  readonly #contact: Contact;
  readonly #pending: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(life: Life, contact: Contact) {
    this.#life = life;
    this.#contact = contact;
    void contact.closed.then(() => clearTimeout(this.#timer));
    this.#burst();
  }

  receive({ name, args }: Packet): void {
    const [handle = "", error = handle] = args;
    if (name === "JOB_CREATED") this.#acknowledged(this.#answered(), handle);
    else if (name === "ERROR") this.#life.desk.write({ what: "refused", id: this.#answered(), error });
  }

  #burst(): void {
    const { random } = this.#life.desk;
    const many = this.#life.busy ? 0 : random.below(WINDOW + 1 - this.#pending.length);
    for (let nth = 0; nth < many; nth++) this.#submit();
    this.#timer = setTimeout(() => this.#burst(), random.around(PAUSE));
  }

  #submit(): void {
    const { desk } = this.#life;
    const id = desk.number();
    this.#pending.push(id);
    this.#contact.submit(id, desk.draw.submit(id));
  }

  #answered(): number {
    const id = this.#pending.shift();
    if (id === undefined) throw new Error("an answer, but nothing was asked");
    return id;
  }

  #acknowledged(id: number, handle: string): void {
    const { desk } = this.#life;
    desk.write({ what: "acknowledged", id, handle });
    this.#life.acknowledged(handle);
    if (desk.random.chance(LEAVES)) this.#contact.drop();
  }
}
