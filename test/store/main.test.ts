import { once } from "node:events";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";

const parent = vi.hoisted(() => ({ port: null as MessagePort | null }));

vi.mock("node:worker_threads", async (original) => ({
  ...(await original<typeof import("node:worker_threads")>()),
  get parentPort() {
    return parent.port;
  },
}));

afterEach(() => {
  vi.resetModules();
});

test("the thread answers the one who started it, and keeps Node's warnings to itself", async () => {
  const { port1, port2 } = new MessageChannel();
  parent.port = port2;
  process.on("warning", () => {});
  await import("../../src/store/thread/main.ts");
  expect(process.listenerCount("warning")).toBe(0);
  port1.postMessage({ ask: "close" });
  expect(await once(port1, "message")).toEqual([{ tell: "closed" }]);
  await once(port1, "close");
});

test("nobody started it: it has nothing to do", async () => {
  parent.port = null;
  await import("../../src/store/thread/main.ts");
});

test("who asks for a commit before the store is open is told so", async () => {
  const { port1, port2 } = new MessageChannel();
  parent.port = port2;
  await import("../../src/store/thread/main.ts");
  port1.postMessage({ ask: "commit", batch: { rows: new Uint8Array(), moves: [], removals: [], reserve: 0 } });
  expect(await once(port1, "message")).toEqual([{ tell: "failed", kind: "fatal", message: "the store is not open" }]);
  port1.postMessage({ ask: "close" });
  port1.postMessage({ ask: "close" });
  port1.close();
});
