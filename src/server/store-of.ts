import type { Logger } from "../lib/log.ts";
import { DEFAULT_DURABILITY } from "../store/durability.ts";
import { DurableStore } from "../store/durable-store.ts";
import { MemoryStore } from "../store/memory-store.ts";
import type { Place } from "../store/messages.ts";
import { ShutdownStore } from "../store/shutdown-store.ts";
import { startThread, type Thread } from "../store/storage-thread.ts";
import type { Store } from "../store/store.ts";
import { DEFAULT_TABLE, type ServerOptions } from "./options.ts";

/** The store that the options ask for, yet to be opened. */
export function storeOf(options: ServerOptions, start: () => Thread = startThread): Store {
  const place = placeOf(options);
  if (place === undefined) return new MemoryStore();
  const store = new DurableStore(
    place,
    options.durability ?? DEFAULT_DURABILITY,
    start,
    roomLines(options.logger, place),
  );
  return options.queue?.onShutdown ? new ShutdownStore(store) : store;
}

function placeOf({ dataDir, queue, jobHandlePrefix: handlePrefix }: ServerOptions): Place | undefined {
  if (dataDir !== undefined) return { kind: "directory", path: dataDir };
  if (queue === undefined) return undefined;
  return { kind: "table", path: queue.file, table: queue.table ?? DEFAULT_TABLE, handlePrefix };
}

const roomLines =
  (log: Logger, { path }: Place) =>
  (space: boolean): void => {
    if (space) log.warn({ path }, "there is room on the disk again: background jobs are taken");
    else log.warn({ path }, "there is no room on the disk: background jobs are refused until there is; make room");
  };
