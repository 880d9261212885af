import { describe, expect } from "vitest";
import { perl } from "../support/interop-libraries.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer, row } from "../support/interop-servers.ts";
import { startClient, startWorker } from "../support/interop-sessions.ts";
import { becomes, everyJobType, prefix } from "./job-types.ts";

noProgramLeft();

describe.skipIf(!perl.installed)("Perl's Gearman::Client and Gearman::Worker", () => {
  onEachServer([], (server) => {
    everyJobType(server, perl, {
      events: ["created", "data some", "warning careful", "status 1 2", "complete rest"],
      status: { held: "status 1 1 3 10", unknown: "status 0 0 0 0" },
      seesUnique: false, // it takes jobs with GRAB_JOB
      exceptionsAlways: false,
      exception: "exception boom",
      echo: undefined,
    });

    test("a job that dies is an exception", async ({ programs }) => {
      const name = prefix();
      const client = startClient(programs, perl, server());
      await startWorker(programs, perl, server(), name);
      await client.request("option", { function: "exceptions" });
      const { events } = await client.request("normal", { function: `${name}-die`, workload: "x" });
      expect(events).toEqual([expect.stringContaining("with reason")]);
    });

    test("a task's timeout", async ({ programs }) => {
      const client = startClient(programs, perl, server());
      const { events } = await client.request("normal", { function: prefix(), workload: "x", extra: "0.1" });
      expect(events).toEqual(["fail"]);
    });

    test("reset_abilities, and a function registered after it", async ({ programs }) => {
      const name = prefix();
      const client = startClient(programs, perl, server());
      await startWorker(programs, perl, server(), name);
      const workers = async () => [
        await row(server(), "status", `${name}-reverse`),
        await row(server(), "status", `${name}-events`),
      ];
      await client.request("normal", { function: `${name}-reset`, workload: "x" });
      await becomes([`${name}-reverse\t0\t0\t0`, `${name}-events\t0\t0\t1`], workers);
      const { events } = await client.request("normal", { function: `${name}-events`, workload: "x" });
      expect(events).toEqual(["complete back"]);
    });

    test("get_job_server_status", async ({ programs }) => {
      const name = prefix();
      const client = startClient(programs, perl, server());
      await client.request("normal-background", { function: name, workload: "x" });
      expect((await client.request("server-status")).events).toContain(`row ${name} 1 0 0`);
    });
  });
});
