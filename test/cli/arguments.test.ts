import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readArguments } from "../../src/cli/arguments.ts";
import type { Values } from "../../src/cli/flags/table.ts";

const directory = mkdtempSync(join(tmpdir(), "gearmand-ts-arguments-"));
const file = join(directory, "gearmand.conf");
afterAll(() => rmSync(directory, { recursive: true }));

const line = (...args: string[]): Values => readArguments(args).values;

const withFile = (text: string, ...args: string[]) => {
  writeFileSync(file, text);
  const { values, warnings } = readArguments([`--config-file=${file}`, ...args]);
  const { "config-file": _, ...others } = values;
  return { values: others, warnings };
};

describe("the command line", () => {
  it.each<[string[], Values]>([
    [[], {}],
    [["-p", "4731"], { port: 4731 }],
    [["-p4731"], { port: 4731 }],
    [["--port=4731"], { port: 4731 }],
    [["-dRp4731"], { daemon: true, "round-robin": true, port: 4731 }],
    [["-j", "-1"], { "job-retries": -1 }],
    [["-j", "+5"], { "job-retries": 5 }],
    [["-v"], { v: 1 }],
    [["-vv", "-v"], { v: 3 }],
    [["--check-args", "--"], { "check-args": true }],
    [["-l", ""], { "log-file": "" }],
    [
      ["-L", "a", "--listen=b:1"],
      {
        listen: [
          { host: "a", port: undefined },
          { host: "b", port: 1 },
        ],
      },
    ],
  ])("%j", (args, values) => expect(line(...args)).toEqual(values));
});

describe("values", () => {
  it.each([
    ["127.0.0.1", { host: "127.0.0.1", port: undefined }],
    ["localhost:4731", { host: "localhost", port: 4731 }],
    ["::1", { host: "::1", port: undefined }],
    ["fe80:0:0:0:0:0:0:1", { host: "fe80:0:0:0:0:0:0:1", port: undefined }],
    ["[::1]", { host: "::1", port: undefined }],
    ["[::]:0", { host: "::", port: 0 }],
    ["unix:/run/gearman.sock", { path: "/run/gearman.sock" }],
  ])("--listen %s", (text, place) => expect(line("-L", text).listen).toEqual([place]));

  it.each(["a:b:c", "[::1", ":4730", "", "host:70000"])("--listen %j is refused", (text) => {
    expect(() => line("-L", text)).toThrow("for option '--listen' is invalid");
  });

  it.each([
    ["0", 0],
    ["4096", 4096],
    ["64K", 65536],
    ["2m", 2 * 1024 ** 2],
    ["4G", 4 * 1024 ** 3],
  ])("a size of %s", (text, bytes) => expect(line("--max-job-bytes", text)["max-job-bytes"]).toBe(bytes));

  it.each(["", "-1", "1.5G", "4T", "G", "9007199254740993"])("a size of %j is refused", (text) => {
    expect(() => line("--max-job-bytes", text)).toThrow("for option '--max-job-bytes' is invalid");
  });

  it.each([
    ["0", 0],
    ["500", 500],
    ["500ms", 500],
    ["8s", 8000],
  ])("a time of %s", (text, time) => expect(line("--drain-timeout", text)["drain-timeout"]).toBe(time));

  it.each(["", "-1", "1m", "2147483648", "2147484s"])("a time of %j is refused", (text) => {
    expect(() => line("--drain-timeout", text)).toThrow("for option '--drain-timeout' is invalid");
  });

  it.each(["", "nope", "65536", "-1", "47 30"])("a port of %j is refused", (text) => {
    expect(() => line("--port", text)).toThrow("for option '--port' is invalid");
  });

  it("takes a port by its name in /etc/services", () => expect(line("-p", "ssh").port).toBe(22));

  it("refuses more retries than gearmand 2.0 takes", () => {
    expect(() => line("-j", "256")).toThrow("job-retries must be -1 (no limit), 0 (no retries), or between 1 and 255");
  });
});

describe("the config file", () => {
  it("holds command-line words, parted by spaces and line ends", () => {
    const { values } = withFile("--port=4731\r\n-d  --verbose\nDEBUG -w 2");
    expect(values).toEqual({ port: 4731, daemon: true, verbose: "DEBUG", "worker-wakeup": 2 });
  });

  it("gives way to the command line", () => {
    expect(withFile("--port=1 --backlog=2", "-p3").values).toEqual({ port: 3, backlog: 2 });
    expect(withFile("--verbose DEBUG", "-v").values).toEqual({ v: 1 });
    expect(withFile("-vv", "--verbose=FATAL").values).toEqual({ verbose: "FATAL" });
    expect(withFile("-L a -L b", "-L", "c").values).toEqual({ listen: [{ host: "c", port: undefined }] });
  });

  it("may hold other words, which are warned of", () => {
    const { values, warnings } = withFile("# my server\n[gearmand]\nport=1\n--port 2");
    expect(values).toEqual({ port: 2 });
    expect(warnings).toEqual([`words in ${file} that are no flags are ignored: # my server [gearmand] port=1`]);
  });

  it.each([
    ['-d\nPARAMS="--listen=localhost"\n--port\n2', 'PARAMS="--listen=localhost"', 2],
    ['-d "--log-file=a b"', '"--log-file=a', 1],
  ])("may not hold a flag within another word: %j", (text, word, number) => {
    expect(() => withFile(text)).toThrow(
      `'${word}' is no flag: write flags alone, without quotes (in ${file}, line ${number})`,
    );
  });

  it("may hold a line of hyphens behind a comment, and arguments with hyphens", () => {
    expect(withFile("#-------- a--1\n--log-file a--b").values).toEqual({ "log-file": "a--b" });
  });

  it("has no other separator: a tab is part of a word", () => {
    expect(() => withFile("--port\t4731")).toThrow("unrecognised option '--port\t4731'");
  });

  it("does not read another one", () => expect(withFile("--config-file /nonexistent").values).toEqual({}));
});
