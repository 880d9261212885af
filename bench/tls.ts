/**
 * gearmand-ts beside gearmand, over TLS: `npm run bench:tls -- [--rounds 5] [--only REGEX] [--gearmand PATH] [--save]`.
 * Debian builds gearmand without OpenSSL, so stunnel speaks TLS for it (package stunnel4; the load wants libssl-dev). One that is built
 * with it, `./configure --enable-ssl`, is measured too if PATH says where it is. Servers take turns, so that what disturbs one
 * disturbs the others. `--save` writes docs/performance.json, of which `npm run docs` makes docs/performance.md.
 */
import { parseArgs } from "node:util";
import { builtProgram } from "../test/support/built.ts";
import { makeCertificates } from "../test/support/certificates.ts";
import { Folder } from "../test/support/folder.ts";
import { Tools } from "./load/tools.ts";
import { measureAll } from "./measurements.ts";
import { WORKLOADS } from "./speed/workloads.ts";
import { compare } from "./tls/compare.ts";
import { behindStunnel, ours, withOpenssl } from "./tls/servers.ts";

/** What a server has not done by then it never does, milliseconds. */
const LONGEST = 60_000;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    gearmand: { type: "string" },
    save: { type: "boolean", default: false },
  },
});

builtProgram();
const certificates = makeCertificates();
process.once("exit", certificates.remove);
await using programs = new Folder();
const tools = new Tools(programs.path, "gearload-tls", LONGEST);
const peers = ["4", "1"].flatMap((threads) => [
  behindStunnel(threads, certificates),
  ...(values.gearmand === undefined ? [] : [withOpenssl(values.gearmand, threads, certificates)]),
]);

const only = new RegExp(values.only);
const workloads = WORKLOADS.filter(({ name }) => only.test(name));
const own = ours(certificates);
await measureAll(
  "tls",
  new Map(workloads.map((load) => [load.name, () => compare(tools, load, own, peers, Number(values.rounds))])),
  values.save,
);
