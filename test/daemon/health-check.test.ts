import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { builtProgram } from "../support/built.ts";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { installed, runProgram } from "../support/program.ts";

const check = (...args: string[]) => {
  const { status, stdout, stderr } = runProgram("--health-check", ...args);
  return { status, output: stdout + stderr };
};

/** A self-signed certificate for both sides. */
const makeCertificate = (folder: Folder): readonly string[] => {
  const [key, certificate] = [folder.file("key.pem"), folder.file("certificate.pem")];
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x"];
  spawnSync("openssl", [...request, "-keyout", key, "-out", certificate]);
  return ["--ssl", `--ssl-key=${key}`, `--ssl-certificate=${certificate}`, `--ssl-ca-file=${certificate}`];
};

describe("--health-check", () => {
  it("of a server that answers: exit 0", async () => {
    await using daemon = await startDaemon(["-p0"]);
    expect(check("-p", String(daemon.port))).toEqual({ status: 0, output: "" });
    expect(check("-p", String(daemon.port), "-L", "::")).toEqual({ status: 0, output: "" });
  });

  it("over a Unix socket", async () => {
    await using folder = new Folder();
    const listen = `--listen=unix:${folder.file("socket")}`;
    await using _daemon = await startDaemon([listen]);
    expect(check(listen)).toEqual({ status: 0, output: "" });
  });

  it.skipIf(!installed("openssl")).each([[[]], [["--ssl-verify-client"]]])("over TLS %j", async (more) => {
    await using folder = new Folder();
    const flags = [...makeCertificate(folder), ...more];
    await using daemon = await startDaemon(flags);
    expect(check(`-L127.0.0.1:${daemon.port}`, ...flags)).toEqual({ status: 0, output: "" });
    expect(check(`-L127.0.0.1:${daemon.port}`).status).toBe(1);
  });

  it("where nobody listens: exit 1", async () => {
    await using folder = new Folder();
    const { status, output } = check(`--listen=unix:${folder.file("nobody")}`);
    expect([status, output]).toEqual([1, expect.stringMatching(/^gearmand-ts: connect ENOENT/)]);
  });

  it("of another server: exit 1", async () => {
    const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const child = spawn(process.execPath, [builtProgram(), "--health-check", "-L127.0.0.1", `-p${port}`]);
    expect(await once(child, "exit")).toEqual([1, null]);
    server.close();
  });
});
