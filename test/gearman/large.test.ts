import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readdirSync, readlinkSync, writeFileSync, writeSync } from "node:fs";
import { describe, expect } from "vitest";
import { prefix } from "../interop/job-types.ts";
import { Folder } from "../support/folder.ts";
import { type Command, noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { gearmanTs, IT, inShell, pidOf, statusOf, untilStatus } from "./support.ts";

noProgramLeft();

const MEGABYTE = 1024 ** 2;
const SIZE = 100 * MEGABYTE;

/** That of Node and what it has loaded, and the pieces on their way; far below the workload. */
const MOST_MEMORY = 180 * MEGABYTE;

/** A file whose every megabyte is another. */
const makeFile = (path: string): string => {
  const file = openSync(path, "w");
  const hash = createHash("sha256");
  for (let number = 0; number < SIZE / MEGABYTE; number++) {
    const bytes = Buffer.alloc(MEGABYTE, `${number} `);
    writeSync(file, bytes);
    hash.update(bytes);
  }
  closeSync(file);
  return hash.digest("hex");
};

/** Has Node say at its end how much memory the process ever had, in bytes, on stderr. */
const measured = (command: Command): Command => {
  const say = "process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS*1024))"; // without spaces
  return { ...command, env: { ...command.env, NODE_OPTIONS: `--import=data:text/javascript,${say}` } };
};

const peakOf = (stderr: string): number => Number(/^peak (\d+)$/m.exec(stderr)?.[1]);

describe("100 MB", () => {
  onEachServer([], (server) => {
    for (const [how, script] of [
      ["a file", `${IT} < "$FILE"`],
      ["a pipe", `cat "$FILE" | ${IT}`],
    ] as const) {
      test(`from ${how} through a job, to the byte, in memory that is bounded`, async ({ programs }) => {
        await using folder = new Folder();
        const [name, path] = [prefix(), folder.file("large")];
        const hash = makeFile(path);
        programs.start(gearmanTs(server(), "-w", "-f", name, "--", "sha256sum"));
        const { args, env } = measured(gearmanTs(server(), "-f", name));
        const command = inShell(script, { file: process.execPath, args, env: { ...env, FILE: path } });
        const { stdout, stderr, code } = await programs.run(command);
        expect([stdout, code]).toEqual([`${hash}  -\n`, 0]);
        expect(peakOf(stderr)).toBeLessThan(MOST_MEMORY);
      });
    }

    test("as a result: a worker keeps what its command writes in a file", async ({ programs }) => {
      await using folder = new Folder();
      const [name, path, out] = [prefix(), folder.file("large"), folder.file("out")];
      const hash = makeFile(path);
      const worker = programs.start(measured(gearmanTs(server(), "-w", "-c", "1", "-f", name, "--", "cat", path)));
      const client = inShell(`${IT} > ${out}`, gearmanTs(server(), "-s", "-f", name));
      expect(await programs.run(client)).toMatchObject({ stderr: "", code: 0 });
      const received = createHash("sha256");
      for await (const bytes of createReadStream(out)) received.update(bytes);
      expect(received.digest("hex")).toBe(hash);
      expect(peakOf((await worker.result()).stderr)).toBeLessThan(MOST_MEMORY);
    });

    test("a file is read from where the shell has read it to", async ({ programs }) => {
      await using folder = new Folder();
      const [name, path] = [prefix(), folder.file("lines")];
      writeFileSync(path, "first\nsecond\nthird\n");
      programs.start(gearmanTs(server(), "-w", "-f", name, "--", "cat"));
      const script = `{ dd bs=6 count=1 status=none of=/dev/null; ${IT}; } < ${path}`;
      const { stdout } = await programs.run(inShell(script, gearmanTs(server(), "-f", name)));
      expect(stdout).toBe("second\nthird\n");
    });

    test("several functions get a file, and what was spooled, each from its beginning", async ({ programs }) => {
      await using folder = new Folder();
      const [one, two, path] = [prefix(), prefix(), folder.file("large")];
      writeFileSync(path, "x".repeat(20 * MEGABYTE));
      for (const name of [one, two]) programs.start(gearmanTs(server(), "-w", "-f", name, "--", "wc", "-c"));
      for (const script of [`${IT} < ${path}`, `cat ${path} | ${IT}`]) {
        const { stdout } = await programs.run(inShell(script, gearmanTs(server(), "-f", one, "-f", two)));
        expect(stdout).toBe(`${20 * MEGABYTE}\n`.repeat(2));
      }
    });

    test("what is spooled is in a file without a name, that goes with the client", async ({ programs }) => {
      await using folder = new Folder();
      const name = prefix();
      const { args, env } = gearmanTs(server(), "-f", name);
      const script = `set -m; head -c 20000000 /dev/zero | ${IT} & echo "pid $!"; wait $!; echo "status $?"`;
      const command = { file: process.execPath, args, env: { ...env, TMPDIR: folder.path } };
      const client = programs.start(inShell(script, command));
      const pid = await pidOf(client);
      await untilStatus(server(), name, "1\t0\t0");
      const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
      expect(open.filter((path) => path.startsWith(folder.path))).toEqual([expect.stringMatching(/\(deleted\)$/)]);
      expect(readdirSync(folder.path)).toEqual([]);
      process.kill(pid, "SIGTERM");
      expect(statusOf(await client.result())).toBe(143);
    });
  });
});
