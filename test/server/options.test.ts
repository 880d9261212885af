import { describe, expect, it } from "vitest";
import { createServer, DEFAULT_LIMITS, DEFAULT_OPTIONS, DEFAULT_TRANSPORT_LIMITS } from "../../src/index.ts";

/** What JavaScript may give, where TypeScript would not let it. */
const create = (options: unknown) => () => createServer(options as Parameters<typeof createServer>[0]);

const tls = { certificate: "c", key: "k", ca: "a", verifyClient: true };
const logger = { fatal: () => {}, error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

describe("createServer refuses options with a TypeError", () => {
  it.each([
    ["options must be an object, not null", null],
    ["options must be an object, not 4730", 4730],
    ["options.port is unknown; known are: listen, backlog, keepaliveIdle,", { port: 1 }],
    ["options.listen must be a list, not 4730", { listen: 4730 }],
    ["options.listen[0] must be an object, not 4730", { listen: [4730] }],
    ["options.listen[1] must be an address, { port } or { path }, not {}", { listen: [{ path: "/s" }, {}] }],
    ["options.listen[0].port must be a whole number from 0 to 65535, not '0'", { listen: [{ port: "0" }] }],
    ["options.listen[0].prot is unknown; known are: host, port, path", { listen: [{ prot: 0 }] }],
    ["options.backlog must be a whole number from 0 to 2147483647, not undefined", { backlog: undefined }],
    ["options.tls must be an object, not true", { tls: true }],
    ["options.tls.verifyClient must be true or false, not 'no'", { tls: { ...tls, verifyClient: "no" } }],
    ["options.tls must be files with a ca if verifyClient is true, not", { tls: { ...tls, ca: undefined } }],
    ["options.jobHandlePrefix must be a string, not 1", { jobHandlePrefix: 1 }],
    ["options.jobRetries must be a whole number from -1, not '1'", { jobRetries: "1" }],
    ["options.exceptions must be true or false, not 1", { exceptions: 1 }],
    ["options.limits.maxJobBytes must be a whole number from 0, not undefined", { limits: { maxJobs: 1 } }],
    ["options.limits.jobs is unknown; known are: maxJobs, ", { limits: { ...DEFAULT_LIMITS, jobs: 1 } }],
    ["options.limits.maxJobs must be a whole number from 0, not 5n", { limits: { ...DEFAULT_LIMITS, maxJobs: 5n } }],
    ["options.queue must be an object, not '/f'", { queue: "/f" }],
    ["options.queue.file must be a string, not undefined", { queue: { table: "t" } }],
    ["options.queue.onShutdown must be true or false, not 1", { queue: { file: "/f", onShutdown: 1 } }],
    ["options must be without a queue beside a dataDir: jobs", { queue: { file: "/f" }, dataDir: "/d" }],
    [
      "options must be with a dataDir, or a queue that is not onShutdown, if a durability is given: else jobs are",
      { durability: "full" },
    ],
    ["options must be with a dataDir", { durability: "off", queue: { file: "/f", onShutdown: true } }],
    ["options.durability must be one of full, normal, off, not 'fast'", { durability: "fast", dataDir: "/d" }],
    ["options.logger must be an object with the methods fatal, error, warn, info, debug, trace, not {", { logger }],
    ["options.logger must be an object with the methods", { logger: console.log }],
  ])("%s", (message, options) => {
    expect(create(options)).toThrow(TypeError);
    expect(create(options)).toThrow(message);
  });
});

describe("createServer refuses options with a RangeError", () => {
  it.each([
    ["options.listen[0].port must be a whole number from 0 to 65535, not 65536", { listen: [{ port: 65536 }] }],
    ["options.backlog must be", { backlog: -1 }],
    ["options.keepaliveIdle must be", { keepaliveIdle: 0.5 }],
    ["options.drainTimeout must be a whole number from 0 to 2147483647", { drainTimeout: Number.POSITIVE_INFINITY }],
    ["options.jobRetries must be a whole number from -1, not -2", { jobRetries: -2 }],
    ["options.workerWakeup must be a whole number from 0, not NaN", { workerWakeup: Number.NaN }],
    ["options.jobHandlePrefix must be at most 46 bytes, without spaces, not 'a b'", { jobHandlePrefix: "a b" }],
    ["options.jobHandlePrefix must be at most 46 bytes, without spaces, not", { jobHandlePrefix: "é".repeat(24) }],
    ["options.transport.handshakeTimeout", { transport: { ...DEFAULT_TRANSPORT_LIMITS, handshakeTimeout: 2 ** 31 } }],
  ])("%s", (message, options) => {
    expect(create(options)).toThrow(RangeError);
    expect(create(options)).toThrow(message);
  });

  it.each(Object.keys(DEFAULT_LIMITS))("limits.%s: -1", (name) => {
    const message = `options.limits.${name} must be a whole number from 0, not -1`;
    expect(create({ limits: { ...DEFAULT_LIMITS, [name]: -1 } })).toThrow(message);
  });

  it.each(Object.keys(DEFAULT_TRANSPORT_LIMITS))("transport.%s: -1", (name) => {
    const message = `options.transport.${name} must be a whole number from 0`;
    expect(create({ transport: { ...DEFAULT_TRANSPORT_LIMITS, [name]: -1 } })).toThrow(message);
  });
});

describe("createServer takes", () => {
  it.each([
    [undefined],
    [{}],
    [DEFAULT_OPTIONS],
    [{ listen: [{ host: undefined, port: 0 }, { path: "/s" }, { host: "::", port: 65535, path: undefined }] }],
    [{ tls, workerWakeup: 0, drainTimeout: 2 ** 31 - 1, jobRetries: -1 }],
    [{ durability: undefined }],
    [{ durability: "normal", dataDir: "/d" } as const],
    [{ durability: "off", queue: { file: "/f" } } as const],
    [{ tls: { certificate: "c", key: "k", verifyClient: false } }],
    [{ logger: Object.assign(Object.create(logger), { trace: logger.debug, child: logger.info }) }],
  ])("%#", (options) => create(options)().stop());
});
