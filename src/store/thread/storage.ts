import type { Batch, Committed, Opened } from "../messages.ts";
import { BLOCK } from "../numbers.ts";
import { packRows } from "../rows.ts";
import { kindOf } from "../sqlite/driver.ts";
import { checkpoint } from "../sqlite/jobs-database.ts";
import { Committer } from "./committer.ts";
import { Housekeeper } from "./housekeeper.ts";
import { makeLogRoom } from "./log-room.ts";
import type { Opening } from "./opening.ts";

/** A store that is open, in the thread that writes it. */
export class Storage {
  readonly #opening: Opening;
  readonly #committer: Committer;
  readonly #housekeeper: Housekeeper;

  /** @param failed told of errors that the store cannot go on after */
  constructor(opening: Opening, failed: (error: unknown) => void) {
    this.#opening = opening;
    this.#committer = new Committer(opening);
    this.#housekeeper = new Housekeeper(opening, failed);
  }

  /** Hands over all jobs, packed, in the order they are to run. */
  load(send: (rows: Buffer) => void): Opened {
    const { file, table, ballast, reserved, refusal } = this.#opening;
    try {
      const inventory = table.load((rows) => send(packRows(rows)));
      ballast.restore();
      makeLogRoom(file, ballast);
      const numbers = { first: reserved, last: reserved + BLOCK };
      return { tell: "opened", ...inventory, numbers, space: ballast.space };
    } catch (error) {
      throw refusal(error);
    }
  }

  commit(batch: Batch): Committed {
    return this.#committer.commit(batch);
  }

  /** To be called when the commit was told. */
  tidy(): void {
    this.#committer.tidy();
    this.#housekeeper.touch();
  }

  /** Nothing is written from now on, unless it is asked for. */
  stop(): void {
    this.#housekeeper.stop();
  }

  close(): void {
    const { db } = this.#opening;
    this.stop();
    try {
      checkpoint(db, "TRUNCATE");
    } catch (error) {
      if (kindOf(error) !== "space") throw error;
    }
    db.close();
  }
}
