import { describe, expect, it } from "vitest";
import { readArguments } from "../../src/cli/arguments.ts";
import { type Environment, serverOptions } from "../../src/cli/settings.ts";
import { queueWarnings, refuseUnsupported, withoutEffect } from "../../src/cli/unsupported.ts";
import { DEFAULT_OPTIONS } from "../../src/server/options.ts";

const values = (...args: string[]) => readArguments(args).values;
const options = (args: string[] = [], environment: Environment = {}, hostname = "box") =>
  serverOptions(values(...args), environment, hostname);

describe("the server's options", () => {
  it("are the library's without flags, but for the handles", () => {
    const { logger: _, ...defaults } = DEFAULT_OPTIONS;
    expect(options()).toEqual({ ...defaults, jobHandlePrefix: "H:box" });
  });

  it.each([
    [["-b", "7"], { backlog: 7 }],
    [["--keepalive-idle", "9"], { keepaliveIdle: 9 }],
    [["--keepalive-idle", "0"], { keepaliveIdle: 0 }],
    [["--keepalive-idle", "-1"], { keepaliveIdle: 60 }],
    [["-j", "3"], { jobRetries: 3 }],
    [["-w", "0"], { workerWakeup: 0 }],
    [["--exceptions"], { exceptions: true }],
    [["--allow-shutdown"], { allowShutdown: true }],
    [["--drain-timeout", "1s"], { drainTimeout: 1000 }],
    [["--job-handle-prefix", "J"], { jobHandlePrefix: "J" }],
    [["--verbose", "CRITICAL"], { verbosity: "CRITICAL" }],
    [["-v"], { verbosity: "INFO" }],
    [["-vvvv"], { verbosity: "DEBUG" }],
    [["-v", "--verbose=FATAL"], { verbosity: "FATAL" }],
    [["--max-jobs", "5"], { limits: { ...DEFAULT_OPTIONS.limits, maxJobs: 5 } }],
    [["--frame-timeout", "5"], { transport: { ...DEFAULT_OPTIONS.transport, frameTimeout: 5 } }],
  ])("%j", (args, expected) => expect(options(args)).toMatchObject(expected));

  it("cut a host name that is too long, between characters", () => {
    expect(options([], {}, "h".repeat(70)).jobHandlePrefix).toBe(`H:${"h".repeat(44)}`);
    expect(options([], {}, `${"h".repeat(43)}é`).jobHandlePrefix).toBe(`H:${"h".repeat(43)}`);
  });

  it.each(["x".repeat(47), "a b", "a\n"])("refuse the prefix %j", (prefix) => {
    expect(() => options(["--job-handle-prefix", prefix])).toThrow("job-handle-prefix must be");
  });
});

describe("where to listen", () => {
  const listen = (args: string[], environment: Environment = {}) => options(args, environment).listen;

  it.each([
    [[], {}, [{ host: undefined, port: 4730 }]],
    [["-p0"], {}, [{ host: undefined, port: 0 }]],
    [[], { GEARMAND_PORT: "4731" }, [{ host: undefined, port: 4731 }]],
    [["-p4730"], { GEARMAND_PORT: "4731" }, [{ host: undefined, port: 4731 }]],
    [["-p4732"], { GEARMAND_PORT: "4731" }, [{ host: undefined, port: 4732 }]],
    [[], { GEARMAND_PORT: "" }, [{ host: undefined, port: 4730 }]],
    [[], { GEARMAND_PORT: "tcp://10.0.0.1:4730" }, [{ host: undefined, port: 4730 }]],
    [["-La", "-L", "b:1", "-Lunix:/s"], {}, [{ host: "a", port: 4730 }, { host: "b", port: 1 }, { path: "/s" }]],
  ])("%j %j", (args, environment, places) => expect(listen(args, environment)).toEqual(places));

  it("refuses a GEARMAND_PORT that is none", () => {
    expect(() => listen([], { GEARMAND_PORT: "x" })).toThrow("the argument ('x') for GEARMAND_PORT is invalid");
  });
});

describe("TLS", () => {
  it("is off unless asked for", () => expect(options(["--ssl-key", "k"]).tls).toBeUndefined());

  it("has gearmand's default files, and no CA unless clients are verified", () => {
    expect(options(["--ssl"]).tls).toEqual({
      certificate: "/etc/ssl/certs/gearmand.pem",
      key: "/etc/ssl/certs/gearmand.key",
      ca: undefined,
      verifyClient: false,
    });
  });

  it("takes files from flags, and before them from the environment", () => {
    const environment = { GEARMAND_SERVER_PEM: "E", GEARMAND_CA_CERTIFICATE: "A" };
    const args = ["--ssl", "--ssl-certificate=c", "--ssl-key=k", "--ssl-ca-file=a", "--ssl-verify-client"];
    expect(options(args).tls).toEqual({ certificate: "c", key: "k", ca: "a", verifyClient: true });
    expect(options(args, environment).tls).toEqual({ certificate: "E", key: "k", ca: "A", verifyClient: true });
  });
});

describe("gearmand's SQLite queue", () => {
  const asked = ["-q", "LibSQLite3", "--libsqlite3-db=/f"];

  it("has gearmand's table unless another is named", () => {
    expect(options([]).queue).toBeUndefined();
    expect(options(asked).queue).toEqual({ file: "/f", table: "gearman_queue", onShutdown: false });
    expect(options([...asked, "--libsqlite3-table=t", "--store-queue-on-shutdown"]).queue).toEqual({
      file: "/f",
      table: "t",
      onShutdown: true,
    });
    expect(options([...asked, "--durability=off"]).durability).toBe("off");
  });

  it.each([
    [["-q", "libsqlite3"], "option '--queue-type=libsqlite3' needs '--libsqlite3-db'"],
    [
      [...asked, "--data-dir=d"],
      "option '--queue-type=libsqlite3' is not for '--data-dir': jobs are kept in one place",
    ],
    [["--libsqlite3-db=f"], "option '--libsqlite3-db' needs '--queue-type=libsqlite3'"],
    [["--libsqlite3-table=t", "-q", "builtin"], "option '--libsqlite3-table' needs '--queue-type=libsqlite3'"],
    [["--store-queue-on-shutdown"], "option '--store-queue-on-shutdown' needs '--queue-type=libsqlite3'"],
    [["--durability=full"], "option '--durability' needs '--data-dir' or '--queue-type=libsqlite3'"],
    [[...asked, "--store-queue-on-shutdown", "--durability=full"], "and is not for '--store-queue-on-shutdown'"],
    [["-q", "libsqlite3", "--libsqlite3-db", ""], "the argument for option '--libsqlite3-db' is invalid: a file"],
    [[...asked, "--libsqlite3-table", ""], "the argument for option '--libsqlite3-table' is invalid: a name"],
  ])("refuses %j", (args, message) => expect(() => options(args)).toThrow(message));

  it("warns of what --store-queue-on-shutdown loses", () => {
    expect(queueWarnings(values(...asked, "--store-queue-on-shutdown"))).toEqual([
      "--store-queue-on-shutdown: background jobs are in memory until a clean stop, and a crash loses them all",
    ]);
    expect(queueWarnings(values(...asked))).toEqual([]);
  });
});

describe("what is not built", () => {
  it.each([
    ["-q", "builtin"],
    ["-q", "BuiltIn"],
    ["-q", "memory"],
    ["-q", "LibSQLite3"],
    ["-t", "4"],
    ["--http-port", "1"],
  ])("accepts %s %s", (...args) => {
    expect(() => refuseUnsupported(values(...args))).not.toThrow();
  });

  it.each([
    [["-q", "nope"], /^Error while initializing the queue : nope$/],
    [
      ["-q", "MySQL"],
      "Error while initializing the queue : MySQL (gearmand-ts does not have that queue type: let gearmand",
    ],
    [
      ["--redis-server", "h"],
      "option '--redis-server' is refused: it belongs to the queue type redis; gearmand-ts does not",
    ],
    [["-r", "http"], "option '--protocol' is refused: the only module of gearmand is http"],
  ])("refuses %j", (args, message) => expect(() => refuseUnsupported(values(...args))).toThrow(message));

  it("is said of flags and variables without effect", () => {
    expect(withoutEffect(values("-t4", "-p1", "-R"), { GEARMAND_PORT: "tcp://1.2.3.4:1" })).toEqual([
      "--threads has no effect: one thread does all the work",
      "--round-robin has no effect: functions always take turns, as in gearmand 2.0",
      "GEARMAND_PORT=tcp://1.2.3.4:1 is ignored: Kubernetes sets it for a service named gearmand",
    ]);
    expect(withoutEffect(values("-p1"), { GEARMAND_PORT: "1" })).toEqual([]);
  });
});
