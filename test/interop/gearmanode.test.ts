import { describe, expect } from "vitest";
import { gearmanode } from "../support/interop-libraries.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { OURS_FIRST, onEachServer, row } from "../support/interop-servers.ts";
import { startClient, startWorker } from "../support/interop-sessions.ts";
import { becomes, everyJobType, prefix } from "./job-types.ts";

noProgramLeft();

describe.skipIf(!gearmanode.installed)("gearmanode", () => {
  onEachServer(
    [],
    (server) => {
      everyJobType(server, gearmanode, {
        events: ["created", "data some", "warning careful", "status 1 2", "complete rest"],
        status: { held: "status 1 1 3 10", unknown: "status 0 0 0 0" },
        seesUnique: false, // without its option withUnique it takes jobs with GRAB_JOB
        exceptionsAlways: false,
        exception: "exception boom",
        echo: ["echo hello\n"],
      });

      test("a worker that takes jobs with their unique", async ({ programs }) => {
        const name = prefix();
        const client = startClient(programs, gearmanode, server());
        const worker = await startWorker(programs, gearmanode, server(), name, "grab=uniq");
        await client.request("normal", { function: `${name}-reverse`, unique: "mine", workload: "x" });
        expect((await worker.job()).unique).toBe("mine");
      });

      test("options, known and unknown", async ({ programs }) => {
        const client = startClient(programs, gearmanode, server());
        expect((await client.request("option", { function: "exceptions" })).events).toEqual(["option exceptions"]);
        expect((await client.request("option", { function: "nonsense" })).events).toEqual(["error UNKNOWN_OPTION"]);
      });

      test("resetAbilities", async ({ programs }) => {
        const name = prefix();
        const client = startClient(programs, gearmanode, server());
        await startWorker(programs, gearmanode, server(), name);
        const { events } = await client.request("normal", { function: `${name}-reset`, workload: "x" });
        expect(events).toEqual(["created", "complete reset"]);
        await becomes(`${name}-reverse\t0\t0\t0`, () => row(server(), "status", `${name}-reverse`));
      });
    },
    OURS_FIRST,
  );
});
