/** Clients and workers, in a process of their own that outlives the daemons. Its parent says where the next daemon is and who goes there. */
import { Random } from "../model/random.ts";
import type { Desk } from "./contact.ts";
import { Draw } from "./draw.ts";
import { Life } from "./life.ts";
import { Pen } from "./pen.ts";
import { Submitter } from "./submitter.ts";
import { Worker } from "./worker.ts";

/** What the parent says: there is a daemon. */
export interface Scene {
  readonly port: number;
  readonly submitters: number;
  readonly workers: number;
}

const [ledger = "", seed, empty] = process.argv.slice(2);
const pen = await Pen.open(ledger);
const random = new Random(Number(seed));
let numbers = 0;
const desk: Desk = { random, draw: new Draw(random, empty === "true"), write: pen.write, number: () => ++numbers };
let life: Life | undefined;

function begin({ port, submitters, workers }: Scene): void {
  life?.finish();
  desk.write({ what: "life", workers });
  life = new Life(desk, port);
  for (let nth = 0; nth < submitters; nth++) void life.join((...args) => new Submitter(...args));
  for (let nth = 0; nth < workers; nth++) void life.join((...args) => new Worker(...args));
  process.send?.("begun");
}

async function end(): Promise<void> {
  life?.finish();
  await pen.close();
  process.disconnect();
}

function drained(): void {
  desk.write({ what: "drained" });
  process.send?.("written");
}

process.on("message", (message) => {
  if (message === "stop") return void end();
  return message === "drained" ? drained() : begin(message as Scene);
});
process.send?.("ready");
