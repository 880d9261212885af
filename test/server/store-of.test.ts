import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { silentLogger } from "../../src/lib/log.ts";
import { DEFAULT_OPTIONS, type ServerOptions } from "../../src/server/options.ts";
import { storeOf } from "../../src/server/store-of.ts";
import { aRecord, OPENED, StubThread } from "../store/support.ts";

const path = "/var/lib/queue";

test.each([
  ["memory", {}],
  ["full", { dataDir: path }],
  ["off", { dataDir: path, durability: "off" }],
  ["full", { queue: { file: path } }],
  ["shutdown", { queue: { file: path, onShutdown: true } }],
] as const)("%s: the store of %j", (durability, options) => {
  expect(storeOf({ ...DEFAULT_OPTIONS, ...options }).durability).toBe(durability);
});

test.each([
  [{ dataDir: path }, { kind: "directory", path }],
  [{ queue: { file: path } }, { kind: "table", path, table: "gearman_queue", handlePrefix: "H:localhost" }],
  [{ queue: { file: path, table: "t" } }, { kind: "table", path, table: "t", handlePrefix: "H:localhost" }],
])("%j is opened as %j", (options: Partial<ServerOptions>, place) => {
  const thread = new StubThread();
  thread.opening = undefined;
  void storeOf({ ...DEFAULT_OPTIONS, ...options }, () => thread).recover(() => {});
  expect(thread.questions).toEqual([{ ask: "open", place, durability: "full" }]);
});

test("a disk that gets full, and has room again: a line each, with the place", async () => {
  const lines: string[] = [];
  const warn = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const thread = new StubThread();
  thread.opening = { ...OPENED, space: false };
  const logger = { ...silentLogger, warn };
  const store = storeOf({ ...DEFAULT_OPTIONS, dataDir: path, logger }, () => thread);
  await store.recover(() => {});
  store.remove(aRecord({ row: 1 }));
  await turn();
  thread.committed({ space: true });
  await store.close();
  expect(lines).toEqual([
    `there is no room on the disk: background jobs are refused until there is; make room {"path":"${path}"}`,
    `there is room on the disk again: background jobs are taken {"path":"${path}"}`,
  ]);
});
