import { describe, expect } from "vitest";
import { php } from "../support/interop-libraries.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { startClient, startWorker } from "../support/interop-sessions.ts";
import { becomes, everyJobType, everyKindOfTask, prefix } from "./job-types.ts";

noProgramLeft();

describe.skipIf(!php.installed)("PHP's gearman extension", () => {
  onEachServer([], (server) => {
    everyJobType(server, php, {
      events: ["created", "data some", "warning careful", "status 1 1 1 2", "complete rest"],
      status: { held: "status 1 1 3 10", unknown: "status 0 0 0 0" },
      seesUnique: true,
      exceptionsAlways: true,
      exception: "exception",
      echo: [],
    });

    everyKindOfTask(server, php);

    test("the exception callback has the text", async ({ programs }) => {
      const name = prefix();
      const client = startClient(programs, php, server());
      await startWorker(programs, php, server(), name);
      await client.request("add-normal", { function: `${name}-exception`, workload: "x", extra: "A" });
      expect((await client.request("run")).events).toEqual(["task A created", "task A exception boom"]);
    });

    test("jobStatusByUniqueKey and addTaskStatus", async ({ programs }) => {
      const name = prefix();
      const client = startClient(programs, php, server());
      const worker = await startWorker(programs, php, server(), name);
      const request = { function: `${name}-hold`, unique: `unique-${name}`, workload: "x" };
      const { handles } = await client.request("normal-background", request);
      await worker.job();
      await becomes(["status 1 1 3 10"], async () => (await client.request("unique-status", request)).events);
      await client.request("add-status", { function: handles[0] ?? "", extra: "S" });
      expect((await client.request("run")).events).toEqual(["task S status 1 1 3 10"]);
      worker.release();
    });

    test("a client's and a worker's timeout", async ({ programs }) => {
      const client = startClient(programs, php, server());
      await client.request("timeout", { extra: "100" });
      expect((await client.request("normal", { function: prefix(), workload: "x" })).end).toContain("GEARMAN_TIMEOUT");
      const worker = await startWorker(programs, php, server(), prefix(), "timeout=100");
      expect(await worker.stopped()).toBe("stopped GEARMAN_TIMEOUT");
    });
  });
});
