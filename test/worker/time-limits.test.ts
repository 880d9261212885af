import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { Worker, type WorkerJob } from "../../src/worker/index.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { addressOf, clientOf, uniqueName } from "../support/worker-sessions.ts";

const aborted = (job: WorkerJob): Promise<unknown> => once(job.signal, "abort");

describe("a job that takes too long", () => {
  onEachServer([], (server) => {
    test.each([1, 4])("is aborted, and done by another run: concurrency %i", async (concurrency) => {
      const name = uniqueName();
      await using worker = new Worker({ servers: addressOf(server()), concurrency });
      const runs: WorkerJob[] = [];
      const handler = async (job: WorkerJob): Promise<string> => {
        runs.push(job);
        if (runs.length === 1) await aborted(job);
        return `run ${runs.length}`;
      };
      worker.register(name, handler, { timeout: 1000 });
      await worker.ready();
      await using client = await clientOf(server());
      client.send("SUBMIT_JOB", name, "", "x");
      expect((await client.packet("WORK_COMPLETE"))[1]).toBe("run 2");
      expect(runs[0]?.signal.reason).toMatchObject({ code: "TIMEOUT" });
    });
  });
});
