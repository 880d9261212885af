import { describe, expect } from "vitest";
import { abraxas } from "../support/interop-libraries.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { OURS_FIRST, onEachServer } from "../support/interop-servers.ts";
import { startClient, startWorker } from "../support/interop-sessions.ts";
import { everyJobType, prefix } from "./job-types.ts";

noProgramLeft();

describe.skipIf(!abraxas.installed)("abraxas", () => {
  onEachServer(
    [],
    (server) => {
      everyJobType(server, abraxas, {
        events: ["created", "status 0.5", "warning careful", "complete rest"], // its worker sends no data packets
        status: { held: "status 1 1 0.3", unknown: "status 0 0 0" },
        seesUnique: true,
        exceptionsAlways: true,
        exception: "exception boom",
        echo: ["echo hello\n"],
      });

      test("a result that a worker promised", async ({ programs }) => {
        const name = prefix();
        const client = startClient(programs, abraxas, server());
        await startWorker(programs, abraxas, server(), name);
        const { events } = await client.request("normal", { function: `${name}-promise`, workload: "x" });
        expect(events).toEqual(["created", "complete promised x"]);
      });

      test("a job for a time that has passed", async ({ programs }) => {
        const name = prefix();
        const client = startClient(programs, abraxas, server());
        const worker = await startWorker(programs, abraxas, server(), name);
        const { handles } = await client.request("epoch", { function: `${name}-reverse`, workload: "x", extra: "1" });
        expect((await worker.job()).handle).toBe(handles[0]);
      });

      test("the status and workers commands", async ({ programs }) => {
        const name = prefix();
        const client = startClient(programs, abraxas, server());
        await startWorker(programs, abraxas, server(), name, `id=${name}`);
        await client.request("normal", { function: `${name}-promise`, workload: "x" });
        expect((await client.request("server-status")).events).toContain(`row ${name}-promise 0 0 1`);
        const { events } = await client.request("server-workers");
        expect(events.find((event) => event.startsWith(`row ${name} `))).toContain(` ${name}-promise`);
      });
    },
    OURS_FIRST,
  );
});
