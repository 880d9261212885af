import { afterAll, beforeAll, describe, expect } from "vitest";
import { deadPort } from "../gearadmin/support.ts";
import { type Certificates, makeCertificates, opensslInstalled } from "../support/certificates.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { gearmanTs, withWorker } from "./support.ts";

noProgramLeft();

describe("several servers", () => {
  onEachServer([], (server) => {
    withWorker(server);

    test("a client goes to the one that is up", async ({ programs }) => {
      const { host, port } = server();
      const dead = await deadPort();
      const jobs = ["-f", "upper", "a", "b", "c", "d"];
      const servers = [`${host}:${dead}`, `${host}:${port}`];
      for (const hosts of [["-h", servers.join(",")], servers.flatMap((at) => ["-h", at])]) {
        const job = await programs.run(gearmanTs(undefined, ...hosts, ...jobs));
        expect(job).toEqual({ stdout: "ABCD", stderr: "", code: 0 });
      }
    });

    test("GEARMAN_SERVER beats the flags, as in C; GEARMAN_SERVERS does not", async ({ programs }) => {
      const here = `${server().host}:${server().port}`;
      const run = (env: Record<string, string>, ...args: string[]) =>
        programs.run({ ...gearmanTs(undefined, ...args, "-f", "upper", "a"), env });
      const there = ["-h", "127.0.0.1:1"];
      expect(await run({ GEARMAN_SERVER: here }, ...there)).toMatchObject({ stdout: "A", code: 0 });
      expect(await run({ GEARMAN_SERVER: "", GEARMAN_SERVERS: here })).toMatchObject({ stdout: "A", code: 0 });
      expect(await run({ GEARMAN_SERVER: "", GEARMAN_SERVERS: here }, ...there)).toMatchObject({ stdout: "", code: 3 });
    });
  });

  test("a worker serves all of them", async ({ programs }) => {
    await using one = await startDaemon();
    await using two = await startDaemon();
    const both = [one, two].map(({ port }) => `127.0.0.1:${port}`);
    programs.start(gearmanTs(undefined, "-h", both.join(","), "-w", "-f", "f", "--", "cat"));
    for (const at of both) {
      expect(await programs.run(gearmanTs(undefined, "-h", at, "-f", "f", at))).toMatchObject({ stdout: at, code: 0 });
    }
  });

  test("a Unix socket", async ({ programs }) => {
    await using folder = new Folder();
    const path = folder.file("socket");
    await using _daemon = await startDaemon([`--listen=unix:${path}`]);
    programs.start(gearmanTs(undefined, "-h", `unix:${path}`, "-w", "-f", "f", "--", "cat"));
    const job = await programs.run(gearmanTs(undefined, "-h", `unix:${path}`, "-f", "f", "x"));
    expect(job).toEqual({ stdout: "x", stderr: "", code: 0 });
  });
});

describe.skipIf(!opensslInstalled)("TLS", () => {
  let certificates: Certificates;
  let daemon: Daemon;
  beforeAll(async () => {
    certificates = makeCertificates();
    const { server, ca } = certificates;
    const identity = [`--ssl-certificate=${server.certificate}`, `--ssl-key=${server.key}`];
    daemon = await startDaemon(["--ssl", ...identity, "--ssl-verify-client", `--ssl-ca-file=${ca}`]);
  });
  afterAll(async () => {
    await daemon[Symbol.asyncDispose]();
    certificates.remove();
  });

  const at = (scheme: string) => ["-h", `${scheme}127.0.0.1:${daemon.port}`, "-f", "f"];
  const files = () => {
    const { ca, client } = certificates;
    return ["--ssl-ca-file", ca, "--ssl-certificate", client.certificate, "--ssl-key", client.key];
  };

  test("by -S, by tls://, and by the environment", async ({ programs }) => {
    programs.start(gearmanTs(undefined, ...at("tls://"), ...files(), "-w", "--", "cat"));
    expect(await programs.run(gearmanTs(undefined, ...at(""), "-S", ...files(), "a"))).toMatchObject({ stdout: "a" });
    const { ca, client } = certificates;
    const env = {
      GEARMAN_SERVER: "",
      GEARMAND_CA_CERTIFICATE: ca,
      GEARMAN_CLIENT_PEM: client.certificate,
      GEARMAN_CLIENT_KEY: client.key,
    };
    const job = await programs.run({ ...gearmanTs(undefined, ...at("tls://"), "b"), env });
    expect(job).toMatchObject({ stdout: "b", code: 0 });
  });

  const hinted = (hint: string) => ({
    stdout: "",
    code: 3,
    stderr: expect.stringMatching(`^gearman-ts: .*: ${hint}.*\n$`),
  });
  const CERTIFICATE = "--ssl-ca-file names the certificates to trust, -h the host";

  test.for([
    ["a server that nobody vouches for", () => [], CERTIFICATE],
    ["a file that is not there", () => ["--ssl-ca-file", "/none"], "--ssl-ca-file, .* can be read"],
    ["no certificate of ours", () => files().slice(0, 2), "it wants a certificate of ours: --ssl-certificate"],
    [
      "the key of another",
      () => [...files().slice(0, 5), certificates.server.key],
      "--ssl-key names the key of another",
    ],
  ] as const)("%s", async ([, flags, hint], { programs }) => {
    expect(await programs.run(gearmanTs(undefined, ...at("tls://"), ...flags(), "a"))).toEqual(hinted(hint));
  });

  test("a certificate for another host", async ({ programs }) => {
    const { server, ca } = certificates;
    const identity = [`--ssl-certificate=${server.certificate}`, `--ssl-key=${server.key}`];
    await using other = await startDaemon(["-L127.0.0.2", "-p0", "--ssl", ...identity]);
    const there = ["-h", `tls://127.0.0.2:${other.port}`, "--ssl-ca-file", ca, "-f", "f", "a"];
    expect(await programs.run(gearmanTs(undefined, ...there))).toEqual(hinted(CERTIFICATE));
  });

  test("TLS to a server without it, and none to a server with it", async ({ programs }) => {
    await using plain = await startDaemon();
    const none = await programs.run(gearmanTs(undefined, "-S", "-h", `127.0.0.1:${plain.port}`, "-f", "f", "a"));
    expect(none).toEqual(hinted("does it speak TLS there\\? leave -S or tls:// out"));
    const wanted = await programs.run(gearmanTs(undefined, ...at(""), "a"));
    expect(wanted).toEqual(hinted("is it a Gearman server, does it want TLS \\(-S\\)"));
  });

  test("a worker says the same of a server that it goes on trying", async ({ programs }) => {
    const worker = programs.start(gearmanTs(undefined, ...at("tls://"), ...files().slice(0, 2), "-w"));
    await worker.complaint("it is tried again: it wants a certificate of ours");
  });
});

test("the hint is of the cause: a name without an address", async ({ programs }) => {
  const nowhere = await programs.run(gearmanTs(undefined, "-h", "nowhere.invalid", "-f", "f", "a"));
  expect(nowhere.stderr).toMatch(/: (is the name of the host right\?|the name service does not answer: .*)\n$/);
});
