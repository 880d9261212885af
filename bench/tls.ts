/**
 * gearmand-ts beside gearmand, over TLS: `npm run bench:tls -- [--rounds 5] [--only REGEX] [--gearmand PATH] [--save]`.
 * Debian builds gearmand without OpenSSL, so stunnel speaks TLS for it (package stunnel4; the load wants libssl-dev). One that is built
 * with it, `./configure --enable-ssl`, is measured too if PATH says where it is. Servers take turns, so that what disturbs one
 * disturbs the others. `--save` writes docs/performance.json, of which `npm run docs` makes docs/performance.md.
 */
import { builtProgram } from "../test/support/built.ts";
import { makeCertificates } from "../test/support/certificates.ts";
import { Folder } from "../test/support/folder.ts";
import { REFERENCE } from "../test/support/reference.ts";
import { matching, path, rounds, save } from "./flags.ts";
import { Tools } from "./load/tools.ts";
import { measureAll } from "./measurements.ts";
import { options } from "./options.ts";
import { prepare } from "./prepare.ts";
import { WORKLOADS } from "./speed/workloads.ts";
import { compare } from "./tls/compare.ts";
import { behindStunnel, ours, withOpenssl } from "./tls/servers.ts";

/** What a server has not done by then it never does, milliseconds. */
const LONGEST = 60_000;

const values = options("npm run bench:tls --", {
  rounds: rounds(),
  only: matching(WORKLOADS),
  gearmand: path("of a gearmand that was built with OpenSSL, to be measured, too"),
  save,
});

prepare(["gcc", "openssl", "stunnel", REFERENCE], { gearmand: values.gearmand });
builtProgram();
const certificates = makeCertificates();
await using programs = new Folder();
const tools = new Tools(programs.path, "gearload-tls", LONGEST);
const peers = ["4", "1"].flatMap((threads) => [
  behindStunnel(threads, certificates),
  ...(values.gearmand === undefined ? [] : [withOpenssl(values.gearmand, threads, certificates)]),
]);

const own = ours(certificates);
await measureAll(
  "tls",
  new Map(values.only.map((load) => [load.name, () => compare(tools, load, own, peers, values.rounds)])),
  values.save,
);
