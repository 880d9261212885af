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
    expect(check(`-L127.0.0.1:${daemon.port}`)).toEqual({
      status: 1,
      output: `gearmand-ts: the server at 127.0.0.1:${daemon.port} is not healthy: the connection was closed; give the health check the flags or config file of the server, --ssl too\n`,
    });
  });

  it("where nobody listens: exit 1, and what to do", async () => {
    await using folder = new Folder();
    const socket = folder.file("nobody");
    expect(check(`--listen=unix:${socket}`)).toEqual({
      status: 1,
      output: `gearmand-ts: the server at unix:${socket} is not healthy: connect ENOENT ${socket}; start it, or give the health check the flags or config file of the server, --ssl too\n`,
    });
  });

  it("with a certificate that cannot be read: exit 1, and which", () => {
    const { status, output } = check("-L::1", "-p1", "--ssl", "--ssl-verify-client", "--ssl-certificate=/nonexistent");
    expect([status, output]).toEqual([
      1,
      expect.stringMatching(/^gearmand-ts: the server at \[::1\]:1 is not healthy: ENOENT.*'\/nonexistent'/),
    ]);
  });

  it("of a server that does not answer: exit 1 after a while, and what to do", async () => {
    await using daemon = await startDaemon();
    daemon.signal("SIGSTOP");
    expect(check(`-L127.0.0.1:${daemon.port}`)).toEqual({
      status: 1,
      output: `gearmand-ts: the server at 127.0.0.1:${daemon.port} is not healthy: no answer within 3000 ms; see its log, and restart it if it hangs\n`,
    });
  });

  it("of another server: exit 1", async () => {
    const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const child = spawn(process.execPath, [builtProgram(), "--health-check", "-L127.0.0.1", `-p${port}`]);
    let output = "";
    child.stderr.on("data", (text) => {
      output += text;
    });
    expect(await once(child, "close")).toEqual([1, null]);
    expect(output).toBe(
      `gearmand-ts: the server at 127.0.0.1:${port} is not healthy: what answers is no Gearman server; stop that program, or give the health check the flags or config file of the server, --ssl too\n`,
    );
    server.close();
  });
});
