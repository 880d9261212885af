import { readFileSync } from "node:fs";
import { createSecureContext, type TlsOptions } from "node:tls";
import type { TlsFiles } from "./options.ts";

/** What node:tls wants of the certificate files. Throws the system's error if one cannot be read. */
export function readTls(files: TlsFiles): TlsOptions {
  return {
    cert: readFileSync(files.certificate),
    key: readFileSync(files.key),
    ...(files.ca === undefined ? {} : { ca: readFileSync(files.ca) }),
    requestCert: files.verifyClient,
    rejectUnauthorized: files.verifyClient,
    minVersion: "TLSv1.2",
  };
}

/** Throws if the files cannot be read or do not belong together. */
export function checkTls(files: TlsFiles): void {
  createSecureContext(readTls(files));
}
