import { afterEach, expect, test, vi } from "vitest";
import type { JobRecord } from "../../src/core/job.ts";
import type { Logger } from "../../src/lib/log.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { DEFAULT_OPTIONS } from "../../src/server/options.ts";
import { Server } from "../../src/server/server.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { ConnectionStream } from "../support/connection-stream.ts";
import { FakeStore } from "../support/fake-store.ts";
import { Peer, startServer } from "../support/server-harness.ts";
import { encode, Wire } from "../support/wire.ts";

/** A store with jobs from before. */
class FilledStore extends FakeStore {
  readonly #jobs: readonly JobRecord[];

  constructor(jobs: readonly JobRecord[]) {
    super();
    this.#jobs = jobs;
  }

  override async recover(restore: (jobs: readonly JobRecord[]) => void = () => {}): Promise<readonly string[]> {
    for (let at = 0; at < this.#jobs.length; at += 2) {
      restore(this.#jobs.slice(at, at + 2));
      vi.advanceTimersByTime(A_LINE_EACH);
    }
    return ["row 7", "row 9"];
  }
}

/** Milliseconds. */
const A_LINE_EACH = 3000;

afterEach(() => {
  vi.useRealTimers();
});

const WORKLOAD = Buffer.from("data");

const jobs = (count: number): JobRecord[] =>
  Array.from({ length: count }, (_, n) => ({
    handle: `H:${n + 1}`,
    function: "f",
    unique: "",
    workload: WORKLOAD,
    priority: 1,
    reducer: "",
    epoch: 0,
    retries: 0,
    row: n + 1,
  }));

/** A logger and what it was told. */
function listen(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (fields: object, message: string) => {
    const { milliseconds, ...rest } = fields as Record<string, unknown>;
    lines.push(`${level} ${message} ${JSON.stringify(rest)}`);
  };
  return {
    lines,
    logger: { ...silentLogger, info: at("info"), warn: at("warn"), error: at("error"), fatal: at("fatal") },
  };
}

test("a start takes in what the store has, says how far it is, and names what is damaged", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { logger, lines } = listen();
  const options = { ...DEFAULT_OPTIONS, listen: [], drainTimeout: 0, logger };
  await using server = new Server(options, new FilledStore(jobs(4)));
  await server.start();
  expect(lines).toEqual([
    'warn the queue is being recovered: no port is open yet {"jobs":2}',
    'warn the queue is being recovered: no port is open yet {"jobs":4}',
    'error a row of the queue is damaged: it is kept, and never offered {"row":"row 7"}',
    'error a row of the queue is damaged: it is kept, and never offered {"row":"row 9"}',
    'info queue recovered {"jobs":4,"dead":0}',
  ]);
  vi.advanceTimersByTime(A_LINE_EACH);
  expect(lines).toHaveLength(5);
  const worker = new Peer(new Wire(new ConnectionStream(server.connect())));
  await worker.ask("CAN_DO", "f");
  expect(await worker.ask("GRAB_JOB")).toEqual(["JOB_ASSIGN H:1 f data"]);
});

test("a store that fails: nobody is told anything any more, and the server has ended with its error", async () => {
  const { logger, lines } = listen();
  const { store, server, connect } = await startServer({ logger });
  const client = connect();
  client.wire.send(encode("SUBMIT_JOB_BG", ["f", "", "data"]));
  await connect().ask("ECHO_REQ", "served");
  store.failForGood(new StoreError("fatal", "disk I/O error"));
  await expect(server.closed).rejects.toMatchObject({ kind: "fatal", message: "disk I/O error" });
  store.commit();
  expect(await client.wire.until(() => client.wire.ended, 5000)).toBe(true);
  expect(client.take()).toEqual([]);
  expect(lines.at(-1)).toBe('fatal the queue cannot be stored any more: the server stops {"error":"disk I/O error"}');
  await server.stop();
});
