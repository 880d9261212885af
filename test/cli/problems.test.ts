import { describe, expect, it } from "vitest";
import { connectHint, lineOf, lostHint, serverHint } from "../../src/cli/problems.ts";
import { GearmanError } from "../../src/link/errors.ts";

const system = (code: string): Error => Object.assign(new Error(code), { code });
const down = (server: string, cause: unknown): GearmanError =>
  new GearmanError("NO_SERVER", `no connection to ${server}: why`, { cause });
const homeless = (...causes: readonly Error[]): GearmanError =>
  new GearmanError("NO_SERVER", "no server for a job", {
    cause: causes.length === 1 ? causes[0] : new AggregateError(causes),
  });

describe("the hint by the code of an error", () => {
  it.each([
    ["a:1", "ECONNREFUSED", "is a server running there"],
    ["a:1", "EAI_AGAIN", "the name service does not answer"],
    ["a:1", "ENOTFOUND", "is the name of the host right"],
    ["a:1", "ECONNRESET", "try again"],
    ["tls://a:1", "ECONNRESET", "does it speak TLS there"],
    ["tls://a:1", "ERR_SSL_WRONG_VERSION_NUMBER", "does it speak TLS there"],
    ["tls://a:1", "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "it wants a certificate of ours"],
    ["tls://a:1", "ERR_TLS_CERT_ALTNAME_INVALID", "--ssl-ca-file names the certificates to trust, -h the host"],
    ["tls://a:1", "SELF_SIGNED_CERT_IN_CHAIN", "--ssl-ca-file names the certificates to trust"],
    ["tls://a:1", "ERR_OSSL_PEM_NO_START_LINE", "name PEM files"],
    ["tls://a:1", "ECONNREFUSED", "is a server running there"],
  ])("%s, %s: %s", (server, code, hint) => expect(connectHint(server, system(code))).toContain(hint));

  it("says nothing of what it does not know", () => expect(connectHint("a:1", system("EWHAT"))).toBe(""));

  it("knows a connection that ended from one that never was", () => {
    expect(lostHint("a:1", undefined)).toContain("does it want TLS (-S)");
    expect(lostHint("tls://a:1", system("ECONNRESET"))).toContain("does it want a certificate of ours");
    expect(lostHint("tls://a:1", system("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"))).toContain("it wants a certif");
  });
});

describe("the hint of the library's error", () => {
  it("is that of what caused it", () => {
    expect(serverHint(homeless(down("tls://a:1", system("ECONNRESET"))))).toContain("does it speak TLS there");
    const lost = new GearmanError("LOST", "the connection to tls://a:1 was lost: why");
    expect(serverHint(homeless(lost))).toContain("a certificate of ours (--ssl-certificate)");
  });

  it("is each of several, once", () => {
    const unknown = ["a:1", "b:1", "c:1"].map((server) => down(server, system("ENOTFOUND")));
    const hint = serverHint(homeless(...unknown, down("d:1", system("ECONNREFUSED"))));
    expect(hint).toMatch(/^is the name of the host right\?; is a server running there\?[^;]*$/);
  });

  it("is one for a name with several addresses", () => {
    const addresses = new AggregateError([system("ECONNREFUSED"), system("ECONNREFUSED")]);
    expect(serverHint(homeless(down("a:1", addresses)))).toBe("is a server running there? -h and -p say where to look");
  });
});

it("OpenSSL's line ends do not break a message", () => {
  expect(lineOf(new Error("no connection: error:1:alert number 116\n; another: a\r\nb\n"))).toBe(
    "no connection: error:1:alert number 116; another: a b",
  );
});
