import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { installedIn } from "../gearman/support.ts";
import { opensslInstalled } from "../support/certificates.ts";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";

noProgramLeft();

const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");

/** The commands of the page that are to be run, by block. */
const [certificates = [], clients = []] = [...page.matchAll(/<!-- run -->\n\n((?: {4}.*\n)+)/g)].map(([, block = ""]) =>
  block.split("\n").map((line) => line.slice(4)),
);

test.skipIf(!opensslInstalled)(
  "docs/operations.md: TLS, from the certificates to the clients",
  async ({ programs }) => {
    await using folder = new Folder();
    const env = { PATH: installedIn(folder), GEARMAN_SERVER: "", GEARMAN_SERVERS: "" };
    const sh = (lines: readonly string[]) =>
      programs.run({ file: "sh", args: ["-e", "-c", lines.join("\n")], cwd: folder.path, env });

    const server = certificates.find((line) => line.startsWith("gearmand-ts ")) ?? "";
    expect(await sh(certificates.filter((line) => line !== server))).toMatchObject({ code: 0 });
    await using daemon = await startDaemon(server.split(" ").slice(1), { cwd: folder.path });
    const here = clients.map((line) => line.replace("-h localhost", `-h localhost:${daemon.port}`));
    expect(await sh(here)).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
  },
);
