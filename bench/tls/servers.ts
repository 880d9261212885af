/** Who is compared, each with a certificate of its own machine; nobody asks clients for one. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Certificates } from "../../test/support/certificates.ts";
import { type Contender, gearmand, ours as plain, Running } from "../speed/contenders.ts";
import type { Server } from "../speed/measure.ts";

export interface Secure extends Pick<Contender, "name" | "warmUp"> {
  start(): Promise<SecureServer>;
}

export interface SecureServer extends Server, AsyncDisposable {
  /** All its processes do. */
  readonly runs: boolean;
}

const program = (contender: Contender): Secure => ({ ...contender, start: () => Running.start(contender) });

const flags = ({ ca, server }: Certificates): readonly string[] => [
  "--ssl",
  `--ssl-certificate=${server.certificate}`,
  `--ssl-key=${server.key}`,
  `--ssl-ca-file=${ca}`,
];

export const ours = (certificates: Certificates): Secure => {
  const contender = plain("gearmand-ts", process.execPath);
  return program({ ...contender, command: (port) => [...contender.command(port), ...flags(certificates)] });
};

/** @param path of a gearmand that was built with OpenSSL */
export const withOpenssl = (path: string, threads: string, certificates: Certificates): Secure => {
  const contender = gearmand("-t", threads);
  const command = (port: number) => [path, ...contender.command(port).slice(1), ...flags(certificates)];
  return program({ ...contender, name: `gearmand --ssl -t ${threads}`, command });
};

/** How gearmand gets TLS where it is built without. */
export const behindStunnel = (threads: string, certificates: Certificates): Secure => ({
  name: `gearmand -t ${threads} behind stunnel`,
  warmUp: 0,
  async start() {
    const inner = await Running.start(gearmand("-t", threads));
    return together(
      inner,
      await Running.start({ name: "stunnel", warmUp: 0, command: stunnel(inner.port, certificates) }),
    );
  },
});

/** @param to the port of the server behind it */
const stunnel =
  (to: number, { directory, server }: Certificates) =>
  (port: number): readonly string[] => {
    const file = join(directory, `stunnel-${port}.conf`);
    const service = {
      accept: `127.0.0.1:${port}`,
      connect: `127.0.0.1:${to}`,
      cert: server.certificate,
      key: server.key,
    };
    const lines = Object.entries(service).map(([name, value]) => `${name} = ${value}\n`);
    writeFileSync(file, `foreground = yes\npid =\ndebug = err\n[gearmand]\n${lines.join("")}`);
    return ["stunnel", file];
  };

/** What they take, they take together. */
const together = (inner: Running, outer: Running): SecureServer => ({
  port: outer.port,
  get cpu() {
    return inner.cpu + outer.cpu;
  },
  get memory() {
    return inner.memory + outer.memory;
  },
  get runs() {
    return inner.runs && outer.runs;
  },
  async [Symbol.asyncDispose]() {
    await outer[Symbol.asyncDispose]();
    await inner[Symbol.asyncDispose]();
  },
});
