import { describe, expect, test } from "vitest";

import { FailJob, Worker, type WorkerJob } from "../../src/worker/index.ts";
import { onEachServer, type Server } from "../support/interop-servers.ts";
import type { Peer } from "../support/peer.ts";
import { addressOf, clientOf, uniqueName } from "../support/worker-sessions.ts";

const refuse = (): never => {
  throw new Error("no");
};
const unaskable = new Proxy({}, { getPrototypeOf: refuse });

describe("what a handler does is what its client hears", () => {
  onEachServer([], (server) => {
    test("a returned text is the result", async () => {
      await using serving = await serve(server(), (job) => job.text().split("").reverse().join(""));
      serving.submit("abc");
      expect((await serving.client.packet("WORK_COMPLETE"))[1]).toBe("cba");
    });

    test("bytes come and go as they are", async () => {
      await using serving = await serve(server(), ({ workload }) => workload);
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index)).toString("latin1");
      serving.submit(bytes);
      expect((await serving.client.packet("WORK_COMPLETE"))[1]).toBe(bytes);
    });

    test("nothing is an empty result", async () => {
      await using serving = await serve(server(), () => {});
      serving.submit("x");
      expect((await serving.client.packet("WORK_COMPLETE"))[1]).toBe("");
    });

    test.each([
      ["an Error", new Error("naïve"), "naïve"],
      ["a text", "so", "so"],
      ["nothing", undefined, "undefined"],
      ["what has no words", Object.create(null), "an error that cannot be shown"],
      ["what is no text", Object.assign(new Error(), { message: { code: 1 } }), "[object Object]"],
      ["what cannot be asked", unaskable, "an error that cannot be shown"],
    ])("%s that is thrown at once is an exception, and the next job is done", async (_what, error, message) => {
      await using serving = await serve(server(), (job) => {
        if (job.text() === "throw") throw error;
      });
      serving.submit("throw");
      expect(utf8((await serving.client.packet("WORK_EXCEPTION"))[1])).toBe(message);
      serving.submit("go on");
      await serving.client.packet("WORK_COMPLETE");
    });

    test("a rejection is an exception", async () => {
      await using serving = await serve(server(), () => Promise.reject(new TypeError("late")));
      serving.submit("x");
      expect((await serving.client.packet("WORK_EXCEPTION"))[1]).toBe("late");
    });

    test("FailJob is WORK_FAIL and nothing else", async () => {
      await using serving = await serve(server(), () => {
        throw new FailJob("nobody is told");
      });
      serving.submit("x");
      await serving.client.packet("WORK_FAIL");
      await serving.client.handled();
    });

    test("data, warnings and status come in order before the result", async () => {
      await using serving = await serve(server(), async (job) => {
        await job.sendStatus(1, 2);
        await job.sendWarning("careful");
        await job.sendData("piece");
        return "whole";
      });
      serving.submit("x");
      expect((await serving.client.packet("WORK_STATUS")).slice(1)).toEqual(["1", "2"]);
      expect((await serving.client.packet("WORK_WARNING"))[1]).toBe("careful");
      expect((await serving.client.packet("WORK_DATA"))[1]).toBe("piece");
      expect((await serving.client.packet("WORK_COMPLETE"))[1]).toBe("whole");
    });
  });
});

interface Serving extends AsyncDisposable {
  readonly worker: Worker;
  readonly client: Peer;
  submit(workload: string): void;
}

/** A worker with one function at a server, and a client. */
async function serve(
  server: Server,
  handler: (job: WorkerJob<Buffer, Uint8Array | string>) => unknown,
): Promise<Serving> {
  const name = uniqueName();
  const worker = new Worker({ servers: addressOf(server) });
  worker.register(name, handler as never);
  await worker.ready();
  const client = await clientOf(server);
  return {
    worker,
    client,
    submit: (workload) => client.send("SUBMIT_JOB", name, "", workload),
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await worker.close();
    },
  };
}

const utf8 = (latin1 = ""): string => Buffer.from(latin1, "latin1").toString("utf8");
