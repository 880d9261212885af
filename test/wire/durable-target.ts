import { FLAGS } from "../../src/cli/flags/table.ts";
import { parseTokens } from "../../src/cli/parse.ts";
import { serverOptions } from "../../src/cli/settings.ts";
import { DEFAULT_OPTIONS } from "../../src/server/options.ts";
import { Server } from "../../src/server/server.ts";
import { DurableStore } from "../../src/store/durable-store.ts";
import { ConnectionStream } from "../support/connection-stream.ts";
import { Folder } from "../support/folder.ts";
import { inlineThread } from "../support/inline-thread.ts";
import type { Target } from "./run.ts";

/** Our server in this process, which keeps its background jobs: nobody but they may see a difference. */
export const durable: Target = {
  side: "ours",
  async start(flags) {
    const folder = new Folder();
    const options = serverOptions(parseTokens(FLAGS, flags).values, {}, "vm");
    const store = new DurableStore({ kind: "directory", path: folder.file("queue") }, "full", inlineThread);
    const server = new Server({ ...DEFAULT_OPTIONS, ...options, listen: [] }, store);
    await server.start();
    const stop = async (): Promise<void> => {
      await server.stop();
      await folder[Symbol.asyncDispose]();
    };
    return { connect: async () => new ConnectionStream(server.connect()), stop };
  },
};
