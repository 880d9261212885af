import { describe, expect } from "vitest";
import { gearadminInstalled, gearmanInstalled } from "../support/interop-libraries.ts";
import { type Command, noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { prefix } from "./job-types.ts";

noProgramLeft();

describe.skipIf(!gearadminInstalled)("gearadmin", () => {
  onEachServer([], (server) => {
    const at = () => ["-h", server().host, "-p", `${server().port}`];
    const gearadmin = (...args: string[]): Command => ({ file: "gearadmin", args: [...at(), ...args] });
    const submit = (...args: string[]): Command => ({ file: "gearman", args: [...at(), "-v", "-b", ...args] });

    test("--getpid, --server-verbose and --server-version", async ({ programs }) => {
      const { stdout, code } = await programs.run(gearadmin("--server-version", "--server-verbose", "--getpid"));
      expect([stdout, code]).toEqual([expect.stringMatching(/^\d+\n[A-Z]+\n\d+\.\d+\.\d+\S*\n$/), 0]);
    });

    test("--create-function and --drop-function", async ({ programs }) => {
      const name = prefix();
      const created = await programs.run(gearadmin("--create-function", name, "--status"));
      expect(created).toMatchObject({ stdout: expect.stringContaining(`OK\n`), code: 0 });
      expect(created.stdout).toContain(`${name}\t0\t0\t0\n`);
      const dropped = await programs.run(gearadmin("--drop-function", name));
      expect(dropped).toMatchObject({ stdout: "OK\n", stderr: "", code: 0 });
      const missing = await programs.run(gearadmin("--drop-function", name));
      expect(missing).toMatchObject({
        stdout: "",
        stderr: expect.stringContaining("Error: function not found"),
        code: 0,
      });
    });

    test.skipIf(!gearmanInstalled)(
      "--status, --priority-status, --show-jobs, --show-unique-jobs",
      async ({ programs }) => {
        const name = prefix();
        for (const flags of [["-I"], ["-L"], []])
          await programs.run(submit(...flags, "-f", name, "-u", `${name}${flags}`, "x"));
        const lines = async (flag: string) => (await programs.run(gearadmin(flag))).stdout.split("\n");
        expect(await lines("--status")).toEqual(expect.arrayContaining([`${name}\t3\t0\t0`, "."]));
        expect(await lines("--priority-status")).toEqual(expect.arrayContaining([`${name}\t1\t1\t1\t0`, "."]));
        expect(await lines("--show-unique-jobs")).toEqual(
          expect.arrayContaining([name, `${name}-I`, `${name}-L`, "."]),
        );
        expect(await lines("--show-jobs")).toEqual(
          expect.arrayContaining([expect.stringMatching(/^H:\S+:\d+\t0\t0\t1$/), "."]),
        );
      },
    );

    test.skipIf(!gearmanInstalled)("--cancel-job", async ({ programs }) => {
      const name = prefix();
      const { stdout } = await programs.run(submit("-f", name, "x"));
      const handle = stdout.trim().replace("Task created: ", "");
      expect(await programs.run(gearadmin("--cancel-job", handle))).toMatchObject({ stdout: "OK\n", code: 0 });
      const unknown = await programs.run(gearadmin("--cancel-job", "H:nowhere:1"));
      expect(unknown).toMatchObject({ stdout: "", stderr: expect.stringContaining("Error: "), code: 0 });
    });

    test.skipIf(!gearmanInstalled)("--workers lists every connection", async ({ programs }) => {
      const name = prefix();
      programs.start({ file: "gearman", args: [...at(), "-w", "-f", `${name}-a`, "-f", `${name}-b`] });
      await programs.run({ file: "gearman", args: [...at(), "-f", `${name}-a`, "x"] });
      const { stdout, code } = await programs.run(gearadmin("--workers"));
      expect([stdout, code]).toEqual([expect.stringMatching(/^\d+ 127\.0\.0\.1 - :( \S+)*\n/m), 0]);
      expect(stdout).toMatch(new RegExp(`^\\d+ 127\\.0\\.0\\.1 - : ${name}-a ${name}-b$`, "m"));
      expect(stdout).toMatch(/\n\.\n$/);
    });
  });
});
