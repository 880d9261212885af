/** The storage thread: a thread, so that no sync of a disk holds up the connections. */
import { parentPort } from "node:worker_threads";
import { serve } from "./serve.ts";

// Node 22 marks SQLite as experimental: that is for us to know, not for the operator.
process.removeAllListeners("warning");

if (parentPort !== null) serve(parentPort);
