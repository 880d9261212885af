import { describe, expect } from "vitest";
import { libgearman } from "../support/interop-libraries.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { ask, onEachServer } from "../support/interop-servers.ts";
import { startClient, startWorker } from "../support/interop-sessions.ts";
import { becomes, everyJobType, everyKindOfTask, prefix } from "./job-types.ts";

noProgramLeft();

describe.skipIf(!libgearman.installed)("libgearman", () => {
  onEachServer([], (server) => {
    everyJobType(server, libgearman, {
      events: ["created", "data some", "warning careful", "status 1 1 1 2", "complete rest"],
      status: { held: "status 1 1 3 10", unknown: "status 0 0 0 0" },
      seesUnique: true,
      exceptionsAlways: false,
      exception: "exception",
      echo: [],
    });

    everyKindOfTask(server, libgearman);

    test("a hundred tasks at once for four workers", async ({ programs }) => {
      const name = prefix();
      const client = startClient(programs, libgearman, server());
      for (let worker = 0; worker < 4; worker++) await startWorker(programs, libgearman, server(), name);
      for (let task = 0; task < 100; task++) {
        await client.request("add-normal", { function: `${name}-reverse`, workload: `${task}.`, extra: `${task}` });
      }
      const { events, end } = await client.request("run");
      const complete = events.filter((event) => event.includes("complete"));
      const expected = Array.from(
        { length: 100 },
        (_, task) => `task ${task} complete .${[...`${task}`].reverse().join("")}`,
      );
      expect([complete.sort(), end]).toEqual([expected.sort(), "ok"]);
    });

    test("gearman_execute: foreground, background, and an epoch that has passed", async ({ programs }) => {
      const name = prefix();
      const client = startClient(programs, libgearman, server());
      const worker = await startWorker(programs, libgearman, server(), name);
      const request = { function: `${name}-reverse`, workload: "ab" };
      expect(await client.request("execute", request)).toMatchObject({ events: ["created", "complete ba"], end: "ok" });
      expect(await client.request("execute-background", request)).toMatchObject({ events: ["created"], end: "ok" });
      expect(await client.request("epoch", { ...request, extra: "1" })).toMatchObject({
        events: ["created"],
        end: "ok",
      });
      for (let job = 0; job < 3; job++) expect((await worker.job()).workload).toBe("ab");
    });

    test("a job for the next second is given out then, not before", async ({ programs, skip }) => {
      if (server().name === "gearmand") skip("1.1.20 wakes nobody when a job is due; 2.0 does, and so do we");
      const name = prefix();
      const client = startClient(programs, libgearman, server());
      const worker = await startWorker(programs, libgearman, server(), name);
      const due = Math.floor(Date.now() / 1000) + 2;
      await client.request("epoch", { function: `${name}-reverse`, workload: "later", extra: `${due}` });
      await client.request("normal", { function: `${name}-reverse`, workload: "now" });
      expect((await worker.job()).workload).toBe("now");
      expect((await worker.job()).workload).toBe("later");
      expect(Date.now() / 1000).toBeGreaterThanOrEqual(due);
    });

    test("map and reduce: a splitting worker, a reducing worker, an aggregator", async ({ programs }) => {
      const [map, reduce] = [prefix(), prefix()];
      const client = startClient(programs, libgearman, server());
      const splitter = await startWorker(programs, libgearman, server(), map);
      await startWorker(programs, libgearman, server(), reduce);
      const request = { function: `${map}-split`, workload: "ab cd ef", extra: `${reduce}-reverse` };
      const { events, end } = await client.request("reduce", request);
      const [created, complete = ""] = events;
      expect([created, complete.replace("complete ", "").split(";").sort(), end]).toEqual([
        "created",
        ["", "ba", "dc", "fe"],
        "ok",
      ]);
      expect(await client.request("reduce-background", request)).toMatchObject({ events: ["created"], end: "ok" });
      for (let job = 0; job < 2; job++) expect((await splitter.job()).function).toBe(`${map}-split`);
    });

    test("status by unique, with the number of clients", async ({ programs }) => {
      const name = prefix();
      const client = startClient(programs, libgearman, server());
      const unique = `unique-${name}`;
      const asking = startClient(programs, libgearman, server()); // after this question a libgearman client hangs in its next submit
      const status = async () => (await asking.request("unique-status", { unique })).events;
      expect(await status()).toEqual(["status 0 0 0 0 0"]);
      await client.request("normal-background", { function: `${name}-hold`, unique, workload: "x" });
      expect(await status()).toEqual(["status 1 0 0 0 0"]);
      const worker = await startWorker(programs, libgearman, server(), name);
      await worker.job();
      await becomes(["status 1 1 3 10 0"], status);
      const other = startClient(programs, libgearman, server());
      other.send("normal", { function: `${name}-hold`, unique, workload: "x" });
      await becomes(["status 1 1 3 10 1"], status);
      worker.release();
      expect((await other.reply()).events).toEqual(["complete released"]);
      await becomes(["status 0 0 0 0 0"], status);
    });

    test("the status of a task among other tasks", async ({ programs }) => {
      const name = prefix();
      const client = startClient(programs, libgearman, server());
      const worker = await startWorker(programs, libgearman, server(), name);
      const { handles } = await client.request("normal-background", { function: `${name}-hold`, workload: "x" });
      await worker.job();
      await becomes(["task S status 1 1 3 10"], async () => {
        await client.request("add-status", { function: handles[0] ?? "", extra: "S" });
        return (await client.request("run")).events;
      });
      worker.release();
    });

    test("an unknown server option is refused", async ({ programs }) => {
      const client = startClient(programs, libgearman, server());
      expect((await client.request("option", { function: "nonsense" })).end).toBe("GEARMAN_UNKNOWN_OPTION");
      expect((await client.request("option", { function: "exceptions" })).end).toBe("ok");
    });

    test("a client's timeout, identifier and namespace", async ({ programs }) => {
      const name = prefix();
      const client = startClient(programs, libgearman, server());
      await client.request("identifier", { extra: `client-${name}` });
      await client.request("echo", { workload: "x" });
      expect((await ask(server(), "workers")).join("\n")).toContain(` client-${name} :`);
      await client.request("namespace", { extra: `${name}-` });
      await startWorker(programs, libgearman, server(), `${name}-ns`);
      expect((await client.request("normal", { function: "ns-reverse", workload: "ab" })).events).toEqual([
        "complete ba",
      ]);
      await client.request("timeout", { extra: "100" });
      expect((await client.request("normal", { function: "nobody", workload: "x" })).end).toBe("GEARMAN_TIMEOUT");
    });

    test.for(["grab=job", "grab=uniq", "grab=all"])("a worker with %s", async (grab, { programs }) => {
      const name = prefix();
      const client = startClient(programs, libgearman, server());
      const worker = await startWorker(programs, libgearman, server(), name, grab);
      await client.request("normal", { function: `${name}-reverse`, unique: "mine", workload: "x" });
      expect((await worker.job()).unique).toBe(grab === "grab=job" ? "" : "mine");
    });

    test("a worker without work gives up after its timeout", async ({ programs }) => {
      const worker = await startWorker(programs, libgearman, server(), prefix(), "timeout=100");
      expect(await worker.stopped()).toBe("stopped GEARMAN_TIMEOUT");
    });
  });
});
