import { describe, expect } from "vitest";
import { deadPort } from "../gearadmin/support.ts";
import { Folder } from "../support/folder.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { ended } from "../support/program.ts";
import { calledGearman, gearmanTs, installedIn, NO_SERVERS, withWorker } from "./support.ts";

noProgramLeft();

/** What the introductions to Gearman have one type; the options between are those of a test, which may not write where root does. */
const TRANSCRIPT = `
gearmand-ts -d -v -p $PORT $TEST_ONLY
gearman-ts -p $PORT -f count_lines -- wc -l &
gearman-ts -p $PORT -h localhost -f count_lines < /etc/passwd
kill %1; wait %1; echo "worker $?"
`;

test("the transcript of the introductions, typed", async ({ programs, onTestFinished }) => {
  const folder = new Folder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const pidFile = folder.file("pid");
  const env = {
    ...NO_SERVERS,
    PATH: installedIn(folder),
    PORT: `${await deadPort()}`,
    TEST_ONLY: `-P ${pidFile} -l ${folder.file("log")}`,
  };
  const { stdout, stderr, code } = await programs.run({
    file: "bash",
    args: ["-mc", `${TRANSCRIPT} read pid < ${pidFile}; kill $pid; echo $pid`],
    env,
  });
  const [lines, worker, pid] = stdout.trim().split("\n");
  ended(Number(pid));
  const passwd = (await programs.run({ file: "wc", args: ["-l", "/etc/passwd"] })).stdout;
  expect([Number(lines), worker, code]).toEqual([Number.parseInt(passwd, 10), "worker 0", 0]);
  expect(stderr).toContain(
    `gearman-ts: a worker for count_lines at localhost:${env.PORT}: runs wc -l for each job; Ctrl-C stops it\n`,
  );
});

describe("called as gearman", () => {
  onEachServer([], (server) => {
    withWorker(server);

    test("what stands after -- is a client's, as in C", async ({ programs }) => {
      await using folder = new Folder();
      installedIn(folder);
      const command = calledGearman(folder, gearmanTs(server(), "-P", "-f", "upper", "--", "wc", "-l"));
      expect(await programs.run(command)).toEqual({ stdout: "upper: WCupper: -L", stderr: "", code: 0 });
    });

    test("a command after -- with a client's flag, or behind a workload: jobs", async ({ programs }) => {
      const withFlag = await programs.run(gearmanTs(server(), "-u", "x", "-f", "upper", "--", "wc", "-l"));
      expect(withFlag).toEqual({ stdout: "WC-L", stderr: "", code: 0 });
      const behind = await programs.run(gearmanTs(server(), "-f", "upper", "a", "--", "-l"));
      expect(behind).toEqual({ stdout: "A-L", stderr: "", code: 0 });
    });
  });
});
