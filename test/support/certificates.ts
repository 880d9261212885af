import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key, as paths of PEM files. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** An authority with a server for 127.0.0.1 and localhost and a client that it vouches for, and a client that nobody knows. */
export interface Certificates {
  readonly directory: string;
  readonly ca: string;
  readonly server: Identity;
  readonly client: Identity;
  readonly stranger: Identity;
  remove(): void;
}

export const opensslInstalled = spawnSync("openssl", ["version"], { stdio: "ignore" }).status === 0;

const openssl = (...args: string[]): void => void execFileSync("openssl", args, { stdio: "pipe" });

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes them anew with the openssl program, in a directory of their own; `remove` deletes it. */
export function makeCertificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), "gearmand-ts-certificates-"));
  const path = (name: string): string => join(directory, name);

  const selfSigned = (name: string, subject: string): Identity => {
    const identity = { certificate: path(`${name}.pem`), key: path(`${name}.key`) };
    const files = ["-keyout", identity.key, "-out", identity.certificate];
    openssl("req", "-x509", ...KEY, "-days", "2", "-subj", `/CN=${subject}`, ...files);
    return identity;
  };

  const authority = selfSigned("ca", "gearmand-ts test authority");

  const signed = (name: string, extensions: string): Identity => {
    const identity = { certificate: path(`${name}.pem`), key: path(`${name}.key`) };
    const [request, extras] = [path(`${name}.csr`), path(`${name}.ext`)];
    writeFileSync(extras, extensions);
    openssl("req", "-new", ...KEY, "-subj", `/CN=${name}`, "-keyout", identity.key, "-out", request);
    const by = ["-CA", authority.certificate, "-CAkey", authority.key, "-CAcreateserial"];
    openssl("x509", "-req", "-days", "2", "-in", request, ...by, "-extfile", extras, "-out", identity.certificate);
    return identity;
  };

  return {
    directory,
    ca: authority.certificate,
    server: signed("server", "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n"),
    client: signed("client", "extendedKeyUsage=clientAuth\n"),
    stranger: selfSigned("stranger", "stranger"),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
