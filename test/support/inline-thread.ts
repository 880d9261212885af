import { MessageChannel } from "node:worker_threads";
import type { Thread } from "../../src/store/storage-thread.ts";
import { serve } from "../../src/store/thread/serve.ts";

/** The storage thread's work in this thread: for tests of the sources, and of their coverage. */
export function inlineThread(): Thread {
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  return Object.assign(port1, { terminate: async () => port1.close() });
}
