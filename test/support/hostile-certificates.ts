import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key: PEM files. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** Certificates for 127.0.0.1, made by openssl; they go with `remove`. */
export class Certificates {
  readonly directory = mkdtempSync(join(tmpdir(), "gearmand-ts-certificates-"));
  readonly ca: Identity = this.#selfSigned("ca");
  readonly server: Identity = this.signed("server", this.ca);
  readonly client: Identity = this.signed("client", this.ca);

  /** A certificate that `by` has signed. */
  signed(name: string, by: Identity): Identity {
    const { key, certificate } = this.#files(name);
    const request = join(this.directory, `${name}.csr`);
    const names = join(this.directory, `${name}.ext`);
    writeFileSync(names, "subjectAltName=IP:127.0.0.1\n");
    this.#openssl("req", "-new", ...NEW_KEY, "-keyout", key, "-subj", `/CN=${name}`, "-out", request);
    const signer = ["-CA", by.certificate, "-CAkey", by.key, "-CAcreateserial"];
    this.#openssl("x509", "-req", "-in", request, ...signer, "-days", "2", "-extfile", names, "-out", certificate);
    return { certificate, key };
  }

  /** A certificate that nobody we know has signed. */
  stranger(name: string): Identity {
    return this.signed(name, this.#selfSigned(`${name}-ca`));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #selfSigned(name: string): Identity {
    const { key, certificate } = this.#files(name);
    this.#openssl(
      "req",
      "-x509",
      ...NEW_KEY,
      "-keyout",
      key,
      "-subj",
      `/CN=${name}`,
      "-days",
      "2",
      "-out",
      certificate,
    );
    return { certificate, key };
  }

  #files(name: string): Identity {
    return { certificate: join(this.directory, `${name}.pem`), key: join(this.directory, `${name}.key`) };
  }

  #openssl(...args: string[]): void {
    execFileSync("openssl", args, { stdio: "ignore" });
  }
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** What a TLS client needs to show and to trust. */
export function clientFiles(identity: Identity | undefined, ca: Identity) {
  const own = identity && { cert: readFileSync(identity.certificate), key: readFileSync(identity.key) };
  return { ...own, ca: readFileSync(ca.certificate) };
}
