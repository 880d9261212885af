import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { builtProgram } from "../support/built.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const ENTRY = `${ROOT}dist/client/index.js`;

let daemon: Daemon;
beforeAll(async () => {
  builtProgram();
  daemon = await startDaemon();
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** What a program prints that has a `client`; it must end by itself, and well. */
function run(program: string, options = "{ servers: process.env.SERVER }"): string {
  const code = `import { Client } from ${JSON.stringify(ENTRY)}; const client = new Client(${options});\n${program}`;
  const env = { ...process.env, SERVER: `127.0.0.1:${daemon.port}` };
  const args = ["--input-type=module", "--unhandled-rejections=strict", "--eval", code];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000, env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.trim();
}

it("ends by itself when the client is closed, whatever it was at", () => {
  run("await client.echo(); await client.close();");
  run("await client.submit('f', ''); client.submit('f', '').catch(() => {}); await client.close();");
  run("client.echo().catch(() => {}); await client.close();");
  run("client.run('f', '', { timeout: 60000 }).catch(() => {}); await client.close();", "{ servers: '127.0.0.1:1' }");
  run("await client.close();");
});

it("is not ended by a rejection at which nobody looks", () => {
  const program = `
    const abort = new AbortController();
    await client.submit("f", "", { signal: abort.signal });
    abort.abort();
    await client.submit("f", "");
    await client.close();
    await new Promise(setImmediate);
    console.log("still here");`;
  expect(run(program)).toBe("still here");
});

it("goes on when a listener or the logger throws; the process hears of it", () => {
  const program = `
    const heard = [];
    process.on("uncaughtException", (error) => heard.push(error.message));
    client.on("connected", () => { throw new Error("listener"); });
    await client.echo();
    console.log(heard.join());
    await client.close();`;
  expect(run(program)).toBe("listener");
  const logger =
    "{ servers: process.env.SERVER, logger: { fatal() {}, error() {}, warn() {}, debug() {}, trace() {}, info() { throw new Error('logger'); } } }";
  expect(run(program, logger)).toBe("logger");
});

it("loads nothing of the server", () => {
  const program = `
    import { readFileSync } from "node:fs";
    import { dirname, resolve } from "node:path";
    const seen = new Set();
    const load = (file) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, name] of readFileSync(file, "utf8").matchAll(/^(?:import|export)\\b[^=;("]*"([^"]+)";$/gm))
        if (name.startsWith(".")) load(resolve(dirname(file), name));
        else seen.add(name);
    };
    load(${JSON.stringify(ENTRY)});
    console.log([...seen].join("\\n"));
    await client.close();`;
  const loaded = run(program).split("\n");
  expect(loaded).toContain(ENTRY);
  const folders = new Set(loaded.map((file) => file.replace(`${ROOT}dist/`, "").replace(/\/[^/]*$/, "")));
  const allowed = ["client", "lib", "link", "protocol", "transport"];
  expect([...folders].filter((name) => !name.startsWith("node:")).sort()).toEqual(allowed);
});
