import { describe, expect } from "vitest";
import { prefix } from "../interop/job-types.ts";
import { Folder } from "../support/folder.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { ask, onEachServer } from "../support/interop-servers.ts";
import { gearmanTs, IT, inShell, withWorker } from "./support.ts";

noProgramLeft();

describe("a client", () => {
  onEachServer([], (server) => {
    withWorker(server);
    const client = (...args: string[]) => gearmanTs(server(), ...args);

    test("an exception: what the worker said, then the failure", async ({ programs }) => {
      expect(await programs.run(client("-f", "throw", "a"))).toEqual({
        stdout: "",
        stderr: expect.stringMatching(/^boom\nJob failed: \S+:\d+ of throw\n$/),
        code: 1,
      });
      expect(await programs.run(client("-P", "-f", "throw", "a", "b"))).toEqual({
        stdout: "",
        stderr: expect.stringMatching(/^(throw: boom\nthrow: Job failed: \S+:\d+ of throw\n){2}$/),
        code: 1,
      });
    });

    test("a full queue: says so, and does not try the rest", async ({ programs }) => {
      const name = prefix();
      await programs.run(client("-b", "-f", name, "1"));
      await ask(server(), `maxqueue ${name} 2\r`);
      const { stdout, stderr, code } = await programs.run(client("-b", "-v", "-f", name, "2", "3", "4"));
      expect(stdout.match(/Task created/g)?.length).toBe(1);
      expect([stderr, code]).toEqual([expect.stringMatching(/^gearman-ts: [^\n]*QUEUE_ERROR[^\n]*\n$/), 3]);
    });

    test("no server: the rest of an input without end is not read", async ({ programs }) => {
      const script = `yes | ${IT}; echo "status $?"`;
      const { stdout, stderr } = await programs.run(inShell(script, gearmanTs(undefined, "-p", "1", "-n", "-f", "x")));
      expect([stdout, stderr]).toEqual(["status 3\n", expect.stringMatching(/^[^\n]*ECONNREFUSED[^\n]*\n$/)]);
    });

    test("after a job that is late, the next one is tried; the exit status is the first trouble's", async ({
      programs,
    }) => {
      const nobody = prefix();
      const late = await programs.run(client("-t", "100", "-f", nobody, "1", "2"));
      expect([late.stderr.match(/no outcome within 100 ms/g)?.length, late.code]).toEqual([2, 124]);
      const both = await programs.run(client("-t", "1000", "-f", nobody, "-f", "fail", "1"));
      expect(both).toMatchObject({ stderr: expect.stringMatching(/^Job failed: \S+ of fail\n.*no outcome/), code: 1 });
    });

    test("-t 0 is no limit", async ({ programs }) => {
      expect(await programs.run(client("-t", "0", "-f", "upper", "a"))).toMatchObject({ stdout: "A", code: 0 });
    });

    test("-u #: a unique like any other", async ({ programs }) => {
      const name = prefix();
      await programs.run(client("-b", "-u", "#", "-f", name, "1"));
      expect(await ask(server(), "show unique jobs")).toContain("#");
    });

    test("input that cannot be read", async ({ programs }) => {
      for (const flag of ["-v", "-n"]) {
        const script = `${IT} < /; echo "status $?"`;
        const { stdout, stderr } = await programs.run(inShell(script, client(flag, "-f", "same")));
        expect([stdout, stderr]).toEqual(["status 4\n", "gearman-ts: the input is a directory: give a file\n"]);
      }
    });

    test("-d and -i: submits in the background; a pid file that cannot be written is said so", async ({ programs }) => {
      await using folder = new Folder();
      const name = prefix();
      const started = await programs.run(client("-d", "-b", "-i", folder.file("pid"), "-f", name, "job"));
      expect(started).toEqual({ stdout: "", stderr: "", code: 0 });
      expect(await programs.run(client("-w", "-c", "1", "-f", name))).toMatchObject({ stdout: "job" });
      const refused = await programs.run(client("-i", folder.file("no/pid"), "-f", name, "job"));
      expect(refused).toMatchObject({ stderr: expect.stringContaining("Could not open pid file"), code: 2 });
    });
  });
});
