import { createHash } from "node:crypto";
import type { PacketName } from "../../src/protocol/packets.ts";
import type { Random } from "../model/random.ts";
import type { Priority, Submitted } from "./records.ts";

/** A submit before it has a number and a connection. */
export interface Draft {
  readonly packet: PacketName;
  readonly args: readonly string[];
  readonly workload: Buffer;
  readonly record: Omit<Submitted, "what" | "id" | "connection">;
}

export const FUNCTIONS = ["alpha", "beta", "gamma"] as const;

const MIB = 2 ** 20;
/** So few uniques and workloads that jobs meet. */
const SHARED = 300;

const PACKETS: Readonly<Record<Priority, readonly [background: PacketName, foreground: PacketName]>> = {
  high: ["SUBMIT_JOB_HIGH_BG", "SUBMIT_JOB_HIGH"],
  normal: ["SUBMIT_JOB_BG", "SUBMIT_JOB"],
  low: ["SUBMIT_JOB_LOW_BG", "SUBMIT_JOB_LOW"],
};

/** Makes up submits of every kind. */
export class Draw {
  readonly #random: Random;
  readonly #smallest: number;
  /** What workloads are cut from. */
  readonly #bytes: Buffer;

  /** @param empty whether workloads may be empty */
  constructor(random: Random, empty: boolean) {
    this.#random = random;
    this.#smallest = empty ? 0 : 1;
    this.#bytes = Buffer.from(Uint32Array.from({ length: MIB / 4 }, () => random.next() * 2 ** 32).buffer);
  }

  submit(id: number): Draft {
    const unique = this.#unique(id);
    const workload = unique === "-" ? Buffer.from(`shared ${this.#random.below(SHARED)}`) : this.#workload(id);
    const lot = this.#random.next();
    if (lot < 0.1) return this.#epoch(unique, workload);
    if (lot < 0.2) return this.#reduce(unique, workload);
    return this.#plain(unique, workload, lot < 0.75);
  }

  /** One that is sure to be stored anew. */
  fresh(id: number): Draft {
    return this.#plain("", this.#workload(id), true);
  }

  #plain(unique: string, workload: Buffer, background: boolean): Draft {
    const priority = this.#random.pick<Priority>(["high", "normal", "low"]);
    const record = { ...this.#record(unique, workload), priority, background };
    return { packet: PACKETS[priority][background ? 0 : 1], args: [record.function, unique], workload, record };
  }

  /** Half are due, half within two seconds. */
  #epoch(unique: string, workload: Buffer): Draft {
    const now = Math.floor(Date.now() / 1000);
    const record = { ...this.#record(unique, workload), epoch: now + this.#random.pick([-10, 0, 1, 2]) };
    return { packet: "SUBMIT_JOB_EPOCH", args: [record.function, unique, `${record.epoch}`], workload, record };
  }

  #reduce(unique: string, workload: Buffer): Draft {
    const record = { ...this.#record(unique, workload), reducer: this.#random.pick(["sum", "join"]) };
    const args = [record.function, unique, record.reducer, ""];
    return { packet: "SUBMIT_REDUCE_JOB_BACKGROUND", args, workload, record };
  }

  #record(unique: string, workload: Buffer): Draft["record"] {
    const fn = this.#random.pick(FUNCTIONS);
    return {
      background: true,
      priority: "normal",
      function: fn,
      unique,
      reducer: "",
      epoch: 0,
      workload: hash(workload),
    };
  }

  #unique(id: number): string {
    const lot = this.#random.next();
    if (lot < 0.4) return "";
    if (lot < 0.7) return `own ${id}`;
    return lot < 0.9 ? `shared ${this.#random.below(SHARED)}` : "-";
  }

  /** Begins with its number, if there is room. */
  #workload(id: number): Buffer {
    const number = Buffer.from(`${id} `);
    const size = this.#size();
    if (size <= number.length) return number.subarray(0, size);
    const rest = size - number.length;
    const from = this.#random.below(MIB - rest);
    return Buffer.concat([number, this.#bytes.subarray(from, from + rest)]);
  }

  /** Mostly small, up to 1 MiB. */
  #size(): number {
    const lot = this.#random.next();
    if (lot < 0.1) return this.#smallest;
    if (lot < 0.9975) return this.#smallest + Math.floor(2000 * this.#random.next() ** 3);
    return lot < 0.998 ? MIB : this.#smallest + this.#random.below(MIB);
  }
}

export function hash(workload: Buffer): string {
  return createHash("sha1").update(workload).digest("base64").slice(0, 16);
}
