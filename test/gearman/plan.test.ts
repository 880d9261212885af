import { describe, expect, it } from "vitest";
import type { Environment } from "../../src/cli/flags/servers.ts";
import { readCommandLine } from "../../src/cli/gearman/command-line.ts";
import { type ClientPlan, type Plan, planOf, type WorkerPlan } from "../../src/cli/gearman/plan.ts";
import { calledAsC } from "../../src/cli/gearman/program.ts";

const plan = (args: string, environment: Environment = {}, asC = false): Plan =>
  planOf(readCommandLine(args.split(" ")), environment, asC);

const client = (args: string, environment: Environment = {}): ClientPlan => {
  const made = plan(args, environment, true);
  if (made.kind === "worker") throw new Error("a worker");
  return made;
};

const worker = (args: string): WorkerPlan => {
  const made = plan(args);
  if (made.kind === "client") throw new Error("a client");
  return made;
};

describe("a client or a worker", () => {
  it.each([
    ["-f x", "client"],
    ["-f x a b", "client"],
    ["-w -f x", "worker"],
    ["-f x -- wc -l", "worker"],
    ["-f x --", "client"],
    ["-f x a -- wc", "client"],
    ["-b -f x -- wc", "client"],
    ["-I -f x -- wc", "client"],
    ["-L -f x -- wc", "client"],
    ["-n -f x -- wc", "client"],
    ["-N -f x -- wc", "client"],
    ["-P -f x -- wc", "client"],
    ["-s -f x -- wc", "client"],
    ["-u y -f x -- wc", "client"],
    ["-w -n -f x -- wc", "worker"],
    ["-v -c 5 -t 100 -f x -- wc", "worker"],
  ])("%s: a %s", (args, kind) => expect(plan(args).kind).toBe(kind));

  it("called as gearman, a command after -- makes no worker", () => {
    expect(client("-f x -- wc -l").workloads).toEqual(["wc", "-l"]);
    expect(plan("-w -f x -- wc -l", {}, true).kind).toBe("worker");
  });

  it.each([
    ["/usr/bin/gearman", true],
    ["/usr/bin/gearman-ts", false],
    ["/x/bin/gearman-ts.js", false],
  ])("%s is C's name: %s", (path, asC) => expect(calledAsC(path)).toBe(asC));
});

describe("where flags end", () => {
  it.each([
    ["-f x -u -- a", ["a"]],
    ["-f x -vu -- a", ["a"]],
    ["-f x --unique -- a", ["a"]],
    ["-f x --unique=u -- -a", ["-a"]],
    ["-f x -uu -- -a", ["-a"]],
    ["-f x a -- -b", ["a", "-b"]],
    ["a -f x b -P", ["a", "b"]],
  ])("%s: workloads %j", (args, workloads) => expect(client(args).workloads).toEqual(workloads));

  it("a command keeps its flags", () => {
    expect(worker("-f x -- wc -l -H -- -f y")).toMatchObject({
      command: ["wc", "-l", "-H", "--", "-f", "y"],
      functions: ["x"],
      implied: true,
    });
    expect(worker("-w -f x cat -- -n")).toMatchObject({ command: ["cat", "-n"], lines: "whole", implied: false });
  });
});

describe("servers", () => {
  it.each<[string, Environment, string[]]>([
    ["-f x", {}, ["localhost:4730"]],
    ["-f x -p 1", {}, ["localhost:1"]],
    ["-f x -p 1 -p 2", {}, ["localhost:2"]],
    ["-f x -h a -h b:5,unix:/s,tls://c -p 1", {}, ["a:1", "b:5", "unix:/s", "tls://c:1"]],
    ["-f x -h a,a -h a:4730", {}, ["a:4730"]],
    ["-f x -S -h a", {}, ["tls://a:4730"]],
    ["-f x", { GEARMAN_SERVERS: "a,b:1" }, ["a:4730", "b:1"]],
    ["-f x -h c", { GEARMAN_SERVERS: "a,b:1" }, ["c:4730"]],
    ["-f x -p 2", { GEARMAN_SERVERS: "a,b:1" }, ["localhost:2"]],
    ["-f x -h c -p 1", { GEARMAN_SERVER: "a,b:1", GEARMAN_SERVERS: "d" }, ["a:1", "b:1"]],
    ["-f x", { GEARMAN_SERVER: "", GEARMAN_SERVERS: "" }, ["localhost:4730"]],
  ])("%s %j: %j", (args, environment, servers) => expect(client(args, environment).servers).toEqual(servers));

  it("TLS files of flags and environment", () => {
    const environment = { GEARMAND_CA_CERTIFICATE: "ca", GEARMAN_CLIENT_PEM: "pem", GEARMAN_CLIENT_KEY: "key" };
    expect(client("-f x", environment).tls).toEqual({ ca: "ca", certificate: "pem", key: "key" });
    expect(client("-f x --ssl-ca-file other", environment).tls).toMatchObject({ ca: "other" });
    expect(() => client("-f x --ssl-key k")).toThrow("needs");
  });
});

describe("values", () => {
  it.each<[string, Partial<ClientPlan>]>([
    ["-f x", { workloads: undefined, lines: "whole", priority: "normal", concurrency: 1, background: false }],
    ["-f x -f y", { functions: ["x", "y"] }],
    ["-f x -n", { lines: "kept" }],
    ["-f x -N", { lines: "stripped" }],
    ["-f x -nN", { lines: "stripped" }],
    ["-f x -s", { workloads: [""] }],
    ["-f x -s a", { workloads: ["a"] }],
    ["-bI -f x", { background: true, priority: "high" }],
    ["-Lfx", { priority: "low", functions: ["x"] }],
    ["-f x -t 300", { timeout: 300 }],
    ["-f x -t 2s", { timeout: 2000 }],
    ["-f x -t 0", { timeout: undefined }],
    ["-f x -t -1", { timeout: undefined }],
    ["-f x -u #", { unique: "#" }],
    ["-f x -P -v --concurrency 3", { prefix: true, verbose: true, concurrency: 3 }],
    [
      "--function x --timeout 5 --background --high --lines --prefix --unique u --verbose",
      { functions: ["x"], timeout: 5, background: true, priority: "high", lines: "kept", unique: "u", verbose: true },
    ],
  ])("%s", (args, values) => expect(client(args)).toMatchObject(values));

  it.each<[string, Partial<WorkerPlan>]>([
    ["-w -f x", { command: undefined, maxJobs: undefined, jobTimeout: undefined }],
    ["-w -f x -f x -c 3", { maxJobs: 3, functions: ["x"] }],
    ["-w -f x -c 0", { maxJobs: undefined }],
    ["-w -f x --job-timeout 5s --concurrency 4", { jobTimeout: 5000, concurrency: 4 }],
  ])("%s", (args, values) => expect(worker(args)).toMatchObject(values));
});

describe("what is refused", () => {
  it.each([
    ["-v", "which function? Give it as -f NAME"],
    ["-f ", "a function needs a name"],
    ["-w -f x -f ", "a function needs a name"],
    ["-f x -IL", "leave one of them out"],
    ["-f x --job-timeout 5", "is for a worker"],
    ["-f x -t abc", "milliseconds"],
    ["-f x -p 99999", "neither a port"],
    ["-f x -h a:b:c/", "is not the address of a job server"],
    ["-f x -h ,", "no server is named"],
    ["-f x -Z", "unrecognised option '-Z'"],
    ["-f", "is missing"],
    ["-w -f x -c -1", "invalid"],
    ["-f x --concurrency 0", "invalid"],
  ])("%s: %s", (args, message) => expect(() => plan(args)).toThrow(message));
});
