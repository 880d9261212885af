import { afterAll, beforeAll, describe, expect } from "vitest";
import { abraxas, gearmanInstalled, type Library, libraries, perl } from "../support/interop-libraries.ts";
import { type Command, noProgramLeft, Programs, test } from "../support/interop-programs.ts";
import { onEachServer, type Server } from "../support/interop-servers.ts";
import { type Client, startClient, startWorker } from "../support/interop-sessions.ts";
import { result } from "./job-types.ts";

noProgramLeft();

const ALL_BYTES = String.fromCharCode(...Array(256).keys());
const TEN_MIB = ALL_BYTES.repeat(40_960);

/** Bytes that must pass unchanged. */
function workloads(worker: Library, server: Server): string[] {
  // Gearman::Worker leaves out the NUL behind the handle when a result is empty; gearmand then never answers the client
  const empty = worker === perl && server.name === "gearmand" ? [] : [""];
  return [...empty, "\0", ALL_BYTES, ALL_BYTES.repeat(4096)];
}

const reversed = (text: string): string => Buffer.from(text, "latin1").reverse().toString("latin1");
const installed = libraries.filter((library) => library.installed);
const prefix = (library: Library): string => library.name.replace(/\W+/g, "-");

/** Compares without printing megabytes. */
function expectBytes(worker: Library, actual: string, expected: string): void {
  const compared =
    expected.length < 1000
      ? [actual, expected]
      : [`${actual.length} ${actual === expected}`, `${expected.length} true`];
  expect(`${worker.name}: ${compared[0]}`).toBe(`${worker.name}: ${compared[1]}`);
}

const gearman = (server: Server, ...args: string[]): Command => ({
  file: "gearman",
  args: ["-h", server.host, "-p", `${server.port}`, ...args],
});

onEachServer([], (server) => {
  const workers = new Programs();
  beforeAll(async () => {
    await Promise.all(installed.map((library) => startWorker(workers, library, server(), prefix(library))));
  });
  afterAll(() => workers.stop());

  const client = async (programs: Programs, library: Library): Promise<Client> => {
    const started = startClient(programs, library, server());
    await started.request("option", { function: "exceptions" });
    return started;
  };

  // Not through libgearman on both sides: with its small socket buffers that takes it ten seconds, mostly waiting
  const distant = installed.map((library, index) => ({
    library,
    worker: installed[(index + 2) % installed.length] ?? library,
  }));
  test.for(distant)(
    "10 MiB through $library.name and $worker.name",
    async ({ library, worker }, { programs, skip }) => {
      if (server().name === "gearmand") skip("it takes long, and it was seen to pass");
      const session = await client(programs, library);
      const reply = await session.request("normal", { function: `${prefix(worker)}-reverse`, workload: TEN_MIB });
      expectBytes(worker, result(reply.events), reversed(TEN_MIB));
    },
  );

  test.for(installed)("a client with $name and workers with all", async (library, { programs }) => {
    const session = await client(programs, library);
    for (const worker of installed) {
      const run = async (name: string, workload = "x") =>
        (await session.request("normal", { function: `${prefix(worker)}-${name}`, workload })).events;
      for (const workload of workloads(worker, server())) {
        expectBytes(worker, result(await run("reverse", workload)), reversed(workload));
      }
      expect(`${worker.name}: ${result(await run("events"))}`).toMatch(/: (some)?rest$/);
      if (worker === abraxas) continue; // ends itself at its second failed job: it says of one that threw that it failed, too
      expect(`${worker.name}: ${(await run("fail")).at(-1)}`).toMatch(/: fail( Job .* failed)?$/);
      expect(`${worker.name}: ${(await run("exception")).at(-1)}`).toMatch(/: exception( boom)?$/);
    }
  });

  describe.skipIf(!gearmanInstalled)("the gearman tool", () => {
    test.for(installed)("as a client, $name as a worker", async (library, { programs }) => {
      await startWorker(programs, library, server(), "tool");
      const { stdout, code } = await programs.run(gearman(server(), "-f", "tool-reverse"), ALL_BYTES);
      expect([stdout, code]).toEqual([reversed(ALL_BYTES), 0]);
    });

    test.for(installed)("as a worker, $name as a client", async (library, { programs }) => {
      programs.start(gearman(server(), "-w", "-f", "copy", "--", "cat"));
      const client = startClient(programs, library, server());
      const { events } = await client.request("normal", { function: "copy", workload: ALL_BYTES });
      expect(result(events)).toBe(ALL_BYTES);
    });
  });
});
