import { FLAGS } from "../../src/cli/flags/table.ts";
import { parseTokens } from "../../src/cli/parse.ts";
import { serverOptions } from "../../src/cli/settings.ts";
import { createServer } from "../../src/server/server.ts";
import { ConnectionStream } from "../support/connection-stream.ts";
import type { Target } from "./run.ts";

/** Our server in this process, without sockets. */
export const memory: Target = {
  side: "ours",
  async start(flags) {
    const options = serverOptions(parseTokens(FLAGS, flags).values, {}, "vm");
    const server = createServer({ ...options, listen: [] });
    await server.start();
    return { connect: async () => new ConnectionStream(server.connect()), stop: () => server.stop() };
  },
};
