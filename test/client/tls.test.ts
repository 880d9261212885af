import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Client } from "../../src/client/client.ts";
import type { ServersOptions } from "../../src/link/options.ts";
import { type Certificates, makeCertificates, opensslInstalled } from "../support/certificates.ts";
import { gearmanError } from "../support/client-outcome.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";

const clientOf = (port: number, tls: ServersOptions["tls"] = {}, host = "127.0.0.1"): Client =>
  new Client({ servers: `tls://${host}:${port}`, tls, serverTimeout: 0, connectTimeout: 2000 });

const refusal = async (client: Client): Promise<string> => {
  await using refused = client;
  return (await gearmanError(refused.submit("f", ""))).message;
};

/** Against ours alone: Debian's C gearmand takes the flag --ssl, and speaks plain Gearman all the same. */
describe.skipIf(!opensslInstalled)("a server that speaks TLS", () => {
  let certificates: Certificates;
  let daemon: Daemon;
  let strict: Daemon;
  let plain: Daemon;

  beforeAll(async () => {
    certificates = makeCertificates();
    const { ca, server } = certificates;
    const tls = ["--ssl", `--ssl-certificate=${server.certificate}`, `--ssl-key=${server.key}`, `--ssl-ca-file=${ca}`];
    strict = await startDaemon([...tls, "--ssl-verify-client"]);
    daemon = await startDaemon(tls);
    plain = await startDaemon();
  });

  afterAll(async () => {
    for (const each of [daemon, strict, plain]) await each[Symbol.asyncDispose]();
    certificates.remove();
  });

  it("is trusted by its authority", async () => {
    await using client = clientOf(daemon.port, { ca: certificates.ca });
    const job = await client.submit("f", "", { background: true });
    expect(job.server).toBe(`tls://127.0.0.1:${daemon.port}`);
  });

  it("is known by its name", async () => {
    await using client = clientOf(daemon.port, { ca: certificates.ca }, "localhost");
    expect((await client.echo("hidden")).toString()).toBe("hidden");
  });

  it("asks for our certificate", async () => {
    const { ca, client: mine } = certificates;
    await using client = clientOf(strict.port, { ca, ...mine });
    expect((await client.echo("known")).toString()).toBe("known");
  });

  it("turns away whom it does not know", async () => {
    const { ca, stranger } = certificates;
    expect(await refusal(clientOf(strict.port, { ca, ...stranger }))).toMatch(/certificate|alert|ECONNRESET|closed/i);
    expect(await refusal(clientOf(strict.port, { ca }))).toMatch(/certificate|alert|ECONNRESET|closed/i);
  });

  it("is not trusted without its authority, or with another one", async () => {
    expect(await refusal(clientOf(daemon.port))).toMatch(/certificate/);
    expect(await refusal(clientOf(daemon.port, { ca: certificates.stranger.certificate }))).toMatch(/certificate/);
  });

  it("is not trusted under another name", async () => {
    const tls = { ca: certificates.ca, serverName: "elsewhere.example" };
    expect(await refusal(clientOf(daemon.port, tls))).toContain("elsewhere.example");
  });

  it("is not found where plain Gearman is spoken", async () => {
    expect(await refusal(clientOf(plain.port, { ca: certificates.ca }))).toContain(`tls://127.0.0.1:${plain.port}`);
  });

  it("does not answer those who speak plain Gearman", async () => {
    const client = new Client({ servers: `127.0.0.1:${daemon.port}`, serverTimeout: 0, connectTimeout: 2000 });
    expect(await refusal(client)).toContain(`127.0.0.1:${daemon.port}`);
  });

  it("is not tried with a certificate that cannot be read", async () => {
    expect(await refusal(clientOf(daemon.port, { ca: "/nowhere/ca.pem" }))).toContain("/nowhere/ca.pem");
  });
});
