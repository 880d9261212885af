import { afterAll, describe, expect, it } from "vitest";
import { serversOf } from "../../src/cli/gearadmin/servers.ts";
import { makeCertificates, opensslInstalled } from "../support/certificates.ts";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { deadPort, gearadminTs } from "./support.ts";

noProgramLeft();

describe("the servers that are asked", () => {
  const names = (values: Parameters<typeof serversOf>[0], environment: Parameters<typeof serversOf>[1] = {}) =>
    serversOf(values, environment).targets.map(({ name }) => name);

  it.each([
    [{}, {}, ["localhost:4730"]],
    [{ port: 5 }, {}, ["localhost:5"]],
    [{ host: ["a", "b:6"], port: 5 }, {}, ["a:5", "b:6"]],
    [{ host: ["a,b:6", "::1", "[::1]:7"] }, {}, ["a:4730", "b:6", "[::1]:4730", "[::1]:7"]],
    [{ host: ["a", "a:4730"] }, {}, ["a:4730"]],
    [{ host: ["a", "unix:/run/g", "tcp://b"], ssl: true }, {}, ["tls://a:4730", "unix:/run/g", "b:4730"]],
    [{}, { GEARMAN_SERVERS: "e:1, f" }, ["e:1", "f:4730"]],
    [{}, { GEARMAN_SERVERS: "" }, ["localhost:4730"]],
    [{ host: ["a"] }, { GEARMAN_SERVERS: "e:1" }, ["a:4730"]],
    [{ port: 5 }, { GEARMAN_SERVERS: "e:1" }, ["localhost:5"]],
  ] as const)("%j with %j: %j", (values, environment, expected) => {
    expect(names({ ...values } as never, environment)).toEqual(expected);
  });

  it("have the TLS files of the flags, else of the environment", () => {
    const environment = { GEARMAND_CA_CERTIFICATE: "ca", GEARMAN_CLIENT_PEM: "pem", GEARMAN_CLIENT_KEY: "key" };
    expect(serversOf({ "ssl-ca-file": "mine" }, environment).dial.tls).toEqual({
      ca: "mine",
      certificate: "pem",
      key: "key",
    });
    expect(serversOf({}, {}).dial.tls).toEqual({});
  });
});

onEachServer([], (server) => {
  const name = () => `127.0.0.1:${server().port}`;

  test("several: each is named, in the order given; a dead one is told of, and costs the exit status", async ({
    programs,
  }) => {
    const dead = `127.0.0.1:${await deadPort()}`;
    await using other = await startDaemon();
    const list = ["-h", `${name()},${dead}`, "-h", `127.0.0.1:${other.port}`];
    const { code, stdout, stderr } = await programs.run(gearadminTs(...list, "--server-verbose"));
    expect(stdout).toMatch(
      new RegExp(`^==> ${name()} <==\n[A-Z]+\n\n==> ${dead} <==\n\n==> 127.0.0.1:${other.port} <==\nERROR\n$`),
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining(`no connection to ${dead}: `)]);
  });

  test("GEARMAN_SERVERS names them", async ({ programs }) => {
    const { file, args } = gearadminTs("--server-verbose");
    const said = await programs.run({ file, args, env: { GEARMAN_SERVERS: name() } });
    expect(said).toEqual({ code: 0, stdout: expect.stringMatching(/^[A-Z]+\n$/), stderr: "" });
  });

  test("several as JSON: an object for each", async ({ programs }) => {
    const dead = `127.0.0.1:${await deadPort()}`;
    const { code, stdout } = await programs.run(gearadminTs("-h", `${name()},${dead}`, "--server-verbose", "--json"));
    expect([code, JSON.parse(stdout)]).toEqual([
      1,
      [
        { server: name(), "server-verbose": expect.stringMatching(/^[A-Z]+$/) },
        { server: dead, errors: [expect.stringContaining("no connection to")] },
      ],
    ]);
  });
});

test("a Unix socket", async ({ programs }) => {
  await using folder = new Folder();
  const path = folder.file("socket");
  await using daemon = await startDaemon([`-Lunix:${path}`]);
  const said = await programs.run(gearadminTs("-h", `unix:${path}`, "--getpid"));
  expect(said).toEqual({ code: 0, stdout: `${daemon.pid}\n`, stderr: "" });
});

describe.skipIf(!opensslInstalled)("TLS", () => {
  if (!opensslInstalled) return;
  const { ca, server, client, stranger, remove } = makeCertificates();
  afterAll(() => remove());
  const flags = ["--ssl", `--ssl-certificate=${server.certificate}`, `--ssl-key=${server.key}`, `--ssl-ca-file=${ca}`];
  const as = ({ certificate, key }: typeof client) => ["--ssl-certificate", certificate, "--ssl-key", key];

  test("with -S and with tls://, to a server that the CA vouches for", async ({ programs }) => {
    await using daemon = await startDaemon(flags);
    const good = { code: 0, stdout: `${daemon.pid}\n`, stderr: "" };
    const at = `127.0.0.1:${daemon.port}`;
    expect(await programs.run(gearadminTs("-S", "--ssl-ca-file", ca, "-h", at, "--getpid"))).toEqual(good);
    expect(await programs.run(gearadminTs("--ssl-ca-file", ca, "-h", `tls://${at}`, "--getpid"))).toEqual(good);
    const { code, stderr } = await programs.run(gearadminTs("-S", "-h", at, "--getpid"));
    expect([code, stderr]).toEqual([1, expect.stringContaining("--ssl-ca-file names the certificates to trust")]);
    const missing = await programs.run(gearadminTs("-S", "--ssl-ca-file", "/none", "-h", at, "--getpid"));
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringMatching(/ENOENT.*'\/none': --ssl-ca-file, .* can be read/),
    ]);
    const plain = await programs.run(gearadminTs("-h", at, "--getpid"));
    expect([plain.code, plain.stderr]).toEqual([1, expect.stringContaining("does it want TLS (-S)")]);
  });

  test("with a certificate of our own, where one is asked for", async ({ programs }) => {
    await using daemon = await startDaemon([...flags, "--ssl-verify-client"]);
    const at = ["-S", "--ssl-ca-file", ca, "-h", `127.0.0.1:${daemon.port}`, "--getpid"];
    const good = await programs.run(gearadminTs(...at, ...as(client)));
    expect(good).toEqual({ code: 0, stdout: `${daemon.pid}\n`, stderr: "" });
    expect((await programs.run(gearadminTs(...at, ...as(stranger)))).code).toBe(1);
    const without = await programs.run(gearadminTs(...at));
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining("does it want a certificate of ours")]);
  });
});
