import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, describe, expect } from "vitest";
import { type Identity, makeCertificates, opensslInstalled } from "../support/certificates.ts";
import { gearadminInstalled, gearmanInstalled, libgearman, perl } from "../support/interop-libraries.ts";
import { type Command, noProgramLeft, Programs, test } from "../support/interop-programs.ts";
import { OURS, onEachServer, type Server } from "../support/interop-servers.ts";
import { startClient, startWorker } from "../support/interop-sessions.ts";
import { prefix, result } from "./job-types.ts";

noProgramLeft();

/**
 * Whether the C tools speak TLS when told to. Debian 12 builds them, libgearman and gearmand without it: they take -S and --ssl and stay
 * plain. That is why none of this runs on gearmand.
 */
async function toolsSpeakTls(): Promise<boolean> {
  if (!gearadminInstalled) return false;
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const programs = new Programs();
  const { port } = server.address() as AddressInfo;
  programs.start({ file: "gearadmin", args: ["-S", "-h", "127.0.0.1", "-p", `${port}`, "--server-version"] });
  const [socket] = await once(server, "connection");
  const [bytes] = await once(socket, "data");
  await programs.stop();
  socket.destroy();
  server.close();
  return bytes[0] === 0x16;
}

const toolsInstalled = gearmanInstalled && (await toolsSpeakTls());
const perlInstalled = perl.installed && spawnSync("perl", ["-MIO::Socket::SSL", "-e", "1"]).status === 0;
const libgearmanInstalled = libgearman.installed && toolsInstalled;

describe.skipIf(!opensslInstalled)("over TLS", () => {
  if (!opensslInstalled) return;
  const certificates = makeCertificates();
  afterAll(() => certificates.remove());

  const { certificate, key } = certificates.server;
  const flags = ["--ssl", `--ssl-certificate=${certificate}`, `--ssl-key=${key}`, `--ssl-ca-file=${certificates.ca}`];
  const as = (identity: Identity) => ({
    GEARMAND_CA_CERTIFICATE: certificates.ca,
    GEARMAN_CLIENT_PEM: identity.certificate,
    GEARMAN_CLIENT_KEY: identity.key,
    INTEROP_TLS: "1",
  });
  const tool = (file: string, server: Server, identity: Identity, ...args: string[]): Command => ({
    file,
    args: ["-S", "-h", server.host, "-p", `${server.port}`, ...args],
    env: as(identity),
  });

  const jobs = (server: () => Server) => {
    test.skipIf(!toolsInstalled)("gearman -S as client and worker", async ({ programs }) => {
      const name = prefix();
      programs.start(tool("gearman", server(), certificates.client, "-w", "-f", name, "--", "tr", "a-z", "A-Z"));
      const reply = await programs.run(tool("gearman", server(), certificates.client, "-f", name, "hello"));
      expect(reply).toMatchObject({ stdout: "HELLO", code: 0 });
    });

    test.skipIf(!toolsInstalled)("gearadmin -S", async ({ programs }) => {
      const reply = await programs.run(tool("gearadmin", server(), certificates.client, "--server-version"));
      expect(reply).toMatchObject({ stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/), code: 0 });
    });

    for (const [library, installed] of [
      [libgearman, libgearmanInstalled],
      [perl, perlInstalled],
    ] as const) {
      test.skipIf(!installed)(library.name, async ({ programs }) => {
        const name = prefix();
        const secure = { ...server(), env: as(certificates.client) };
        const client = startClient(programs, library, secure);
        await startWorker(programs, library, secure, name);
        for (const workload of ["abc", "ab".repeat(500_000)]) {
          const { events } = await client.request("normal", { function: `${name}-reverse`, workload });
          expect(result(events) === [...workload].reverse().join("")).toBe(true);
        }
      });
    }
  };

  onEachServer(flags, jobs, OURS);

  describe("with verified client certificates", () => {
    const verified = (server: () => Server) => {
      jobs(server);

      test.skipIf(!toolsInstalled)("gearman -S of another authority is turned away", async ({ programs }) => {
        const args = ["-t", "5000", "-b", "-v", "-f", "x", "hello"];
        const { stdout, stderr } = await programs.run(tool("gearman", server(), certificates.stranger, ...args));
        expect([stdout, stderr]).toEqual(["", expect.stringMatching(/^gearman: /)]);
      });

      test.skipIf(!perlInstalled)("a Perl client of another authority is turned away", async ({ programs }) => {
        const client = startClient(programs, perl, { ...server(), env: as(certificates.stranger) });
        // Perl may be ended by the alert or by writing after it, before it can say so.
        const asked = client.request("normal-background", { function: "x", workload: "hello" });
        const { events, end } = await asked.catch(() => ({ events: [], end: "the client ended" }));
        expect([events, end]).toEqual([[], expect.not.stringMatching(/^ok$/)]);
      });
    };
    onEachServer([...flags, "--ssl-verify-client"], verified, OURS);
  });
});
