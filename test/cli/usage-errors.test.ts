import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { judge, readArguments } from "../../src/cli/arguments.ts";
import { OTHER_QUEUE } from "../../src/cli/flags/queues.ts";
import { refuseUnsupported } from "../../src/cli/unsupported.ts";
import { complaintOf } from "../../src/cli/usage-error.ts";
import { builtProgram } from "../support/built.ts";
import { REFERENCE, referenceInstalled } from "../support/reference.ts";

const directory = mkdtempSync(join(tmpdir(), "gearmand-ts-usage-"));
afterAll(() => rmSync(directory, { recursive: true }));

const config = (text: string): string => {
  const path = join(directory, `${text.replaceAll(/\W+/g, "-")}.conf`);
  writeFileSync(path, text);
  return `--config-file=${path}`;
};

const LEVELS = ": FATAL, ALERT, CRITICAL, ERROR, WARNING, NOTICE, INFO, DEBUG";
const RETRIES = ": a whole number from -1 to 255";
const NO_FILE = " (/nonexistent: ENOENT: no such file or directory)";

/** Command lines that gearmand refuses, what both say, and what we say beyond that; FILE stands for the config file. */
const ROWS: readonly (readonly [args: readonly string[], message: string, more?: string])[] = [
  [["--nope"], "unrecognised option '--nope'"],
  [["-Z"], "unrecognised option '-Z'"],
  [["-"], "unrecognised option '-'"],
  [["--port 5"], "unrecognised option '--port 5'"],
  [["foo"], "unrecognised option 'foo'"],
  [["--", "--check-args"], "unrecognised option '--check-args'"],
  [["-V", "extra"], "unrecognised option 'extra'"],
  [["--por", "4731"], "unrecognised option '--por'"],
  [["--daemon=yes"], "option '--daemon' does not take any arguments"],
  [["--version=x"], "option '--version' does not take any arguments"],
  [["--port"], "the required argument for option '--port' is missing"],
  [["-p"], "the required argument for option '--port' is missing"],
  [["-dp"], "the required argument for option '--port' is missing"],
  [["--keepalive-idle"], "the required argument for option '--keepalive-idle' is missing"],
  [["--port="], "the argument for option '--port' should follow immediately after the equal sign"],
  [["--log-file="], "the argument for option '--log-file' should follow immediately after the equal sign"],
  [["-p", "1", "-p", "2"], "option '--port' cannot be specified more than once"],
  [["-p", "1", "--port", "2"], "option '--port' cannot be specified more than once"],
  [["-d", "-d"], "option '--daemon' cannot be specified more than once"],
  [["--verbose=INFO", "--verbose=DEBUG"], "option '--verbose' cannot be specified more than once"],
  [["--verbose", "debug"], "Invalid value for --verbose supplied", LEVELS],
  [["--verbose", "nope", "--help"], "Invalid value for --verbose supplied", LEVELS],
  [["--verbose", "--check-args"], "Invalid value for --verbose supplied", LEVELS],
  [["-j", "abc"], "the argument ('abc') for option '--job-retries' is invalid", RETRIES],
  [["-j", "abc", "--help"], "the argument ('abc') for option '--job-retries' is invalid", RETRIES],
  [["-j", "5x"], "the argument ('5x') for option '--job-retries' is invalid", RETRIES],
  [["-j", " 5"], "the argument (' 5') for option '--job-retries' is invalid", RETRIES],
  [["-j", "0x5"], "the argument ('0x5') for option '--job-retries' is invalid", RETRIES],
  [["-j", ""], "the argument for option '--job-retries' is invalid", RETRIES],
  [["-j", "4294967296"], "the argument ('4294967296') for option '--job-retries' is invalid", RETRIES],
  [
    ["-b", "2147483648"],
    "the argument ('2147483648') for option '--backlog' is invalid",
    ": a whole number from 0 to 2147483647",
  ],
  [
    ["-w", "4294967296"],
    "the argument ('4294967296') for option '--worker-wakeup' is invalid",
    ": a whole number from 0 to 4294967295",
  ],
  [
    ["-t", "4294967296"],
    "the argument ('4294967296') for option '--threads' is invalid",
    ": a whole number from -4294967295 to 4294967295",
  ],
  [["-f", "abc"], "the argument ('abc') for option '--file-descriptors' is invalid", ": a whole number from 0"],
  [
    ["--keepalive-idle", "x"],
    "the argument ('x') for option '--keepalive-idle' is invalid",
    ": a whole number from -1 to 32767",
  ],
  [["--hashtable-buckets", "0"], "hashtable-buckets has to be greater than 0"],
  [["-q", "nope", "-lnone"], "Error while initializing the queue : nope"],
  [["-r", "nope", "-lnone"], "Unknown protocol module : nope"],
  [["--config-file", "/nonexistent"], "Could not open configuration file.", NO_FILE],
  [["--help", "--config-file", "/nonexistent"], "Could not open configuration file.", NO_FILE],
  [[config("--port 1 --port 2")], "option '--port' cannot be specified more than once", " (in FILE, line 1)"],
  [
    [config("--job-retries abc")],
    "the argument ('abc') for option '--job-retries' is invalid",
    `${RETRIES} (in FILE, line 1)`,
  ],
  [[config("--verbose nope")], "Invalid value for --verbose supplied", `${LEVELS} (in FILE, line 1)`],
  [[config("--port")], "the required argument for option '--port' is missing", " (in FILE, line 1)"],
  [[config("# a comment --nope")], "unrecognised option '--nope'", " (in FILE, line 1)"],
];

const REFUSED = ROWS.map(([args, message, more = ""]) => ({ args, message, more }));

const complaint = (args: readonly string[]): string | undefined =>
  complaintOf(() => judge(readArguments(args), refuseUnsupported));

describe("a command line that is refused", () => {
  it.each(REFUSED)("$args: $message", ({ args, message, more }) => {
    const [, file = ""] = /^--config-file=(.*)/.exec(args[0] ?? "") ?? [];
    expect(complaint(args)).toBe(message + more.replace("FILE", file));
  });
});

describe("the line of a config file that is refused", () => {
  it.each([
    ["# mine\n--port\r\n1\n\n--backlog\n2\n--port 3\n-d", 7],
    ["--port\n1\n-d\n--port", 4],
    ["-d\n--nope\n--port 1", 2],
    ["-d\n\n--port=", 3],
  ])("%j", (text, line) => expect(complaint([config(text)])).toMatch(`, line ${line})`));
});

describe("what is wrong only together with the config file", () => {
  const file = config("--queue-type mysql");

  it("is blamed on it", () => {
    expect(complaint([file])).toBe(
      `Error while initializing the queue : mysql (${OTHER_QUEUE}) (in ${file.replace("--config-file=", "")})`,
    );
  });

  it("is not when the command line is wrong by itself, or right", () => {
    expect(complaint([file, "-q", "nope"])).toBe("Error while initializing the queue : nope");
    expect(complaint([file, "-q", "builtin"])).toBeUndefined();
  });
});

describe.skipIf(!referenceInstalled)("gearmand 1.1.20 says the same", () => {
  it.each(REFUSED)("$args: $message", ({ args, message }) => {
    const { status, stderr } = spawnSync(REFERENCE, args, { encoding: "utf8", cwd: directory });
    expect([status, stderr]).toEqual([1, `${REFERENCE}: ${message}\n`]);
  });
});

describe("the program", () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [builtProgram(), ...args], { encoding: "utf8" });

  it("says what is wrong on stderr and exits with 1", () => {
    expect(run("--nope")).toMatchObject({
      status: 1,
      stdout: "",
      stderr: "gearmand-ts: unrecognised option '--nope'\n",
    });
  });

  it("prints the help even when asked for the version too", () => {
    const { status, stdout } = run("--version", "--help");
    expect([status, stdout.split("\n")[0]]).toEqual([0, "Usage: gearmand-ts [flags]"]);
  });

  it("prints its version in gearmand's form", () => {
    expect(run("-V")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\ngearmand-ts \d+\.\d+\.\d+\n$/) });
  });

  it("warns of words in the config file when it checks, and refuses a flag within one", () => {
    const words = config("# ours\n--port 1");
    expect(run("--check-args", words)).toMatchObject({
      status: 0,
      stdout: "",
      stderr: expect.stringMatching(/^gearmand-ts: words in \S+ that are no flags are ignored: # ours\n$/),
    });
    const hidden = config('PARAMS="--listen=localhost"');
    expect(run("--check-args", hidden)).toMatchObject({ status: 1, stderr: expect.stringContaining("is no flag") });
    if (!referenceInstalled) return;
    for (const file of [words, hidden]) {
      expect(spawnSync(REFERENCE, ["--check-args", file], { encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      });
    }
  });

  it("checks arguments without starting", () => {
    expect(run("--check-args", "-p", "4731")).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(run("--check-args", "--ssl-verify-client")).toMatchObject({
      status: 1,
      stderr: "gearmand-ts: option '--ssl-verify-client' needs '--ssl'\n",
    });
  });
});
