/**
 * The storage thread's side of the conversation.
 *
 *     new --open--> open --close--> closed
 *     new, open --an error that a store cannot go on after--> failed: nothing more is heard. The thread stays and the database is not
 *     closed, as closing writes: the process is to end as it is.
 */
import type { MessagePort } from "node:worker_threads";
import type { Answer, Question } from "../messages.ts";
import { kindOf, textOf } from "../sqlite/driver.ts";
import { StoreError } from "../store-error.ts";
import { openPlace } from "./opening.ts";
import { Storage } from "./storage.ts";

/** Answers the questions that come through the port, until it is told to close. */
export function serve(port: MessagePort): void {
  let storage: Storage | undefined;
  let failed = false;
  let path = "";
  const tell = (answer: Answer, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(answer, [...transfer]);
  const fail = (error: unknown): void => {
    failed = true;
    storage?.stop();
    tell({
      tell: "failed",
      kind: kindOf(error),
      message: error instanceof StoreError ? error.message : `${path}: ${textOf(error)}`,
    });
  };
  const opened = (): Storage => {
    if (storage === undefined) throw new StoreError("fatal", "the store is not open");
    return storage;
  };
  const answer = (question: Question): void => {
    switch (question.ask) {
      case "open":
        path = question.place.path;
        storage = new Storage(openPlace(question.place, question.durability), fail);
        return tell(storage.load((rows) => tell({ tell: "rows", rows }, [rows.buffer as ArrayBuffer])));
      case "commit":
        tell(opened().commit(question.batch));
        return opened().tidy();
      case "close":
        storage?.close();
        tell({ tell: "closed" });
        return port.close();
    }
  };
  port.on("message", (question: Question) => {
    if (failed) return;
    try {
      answer(question);
    } catch (error) {
      fail(error);
    }
  });
}
