/** Gearman::Server, in Perl. Its Debian package cannot be installed beside gearmand's, so it is unpacked. */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import type { Folder } from "../../test/support/folder.ts";
import type { Contender } from "../speed/contenders.ts";

const PACKAGES = ["gearman-server", "libgearman-client-perl", "libdanga-socket-perl", "libsys-syscall-perl"];

/** @param folder where it goes */
export function unpackPerlServer(folder: Folder): void {
  execFileSync("apt-get", ["download", ...PACKAGES], { cwd: folder.path, stdio: "ignore" });
  for (const file of readdirSync(folder.path)) execFileSync("dpkg", ["-x", file, "."], { cwd: folder.path });
}

/** @param folder where it was unpacked */
export function perlServer(folder: Folder): Contender {
  const program = [`-I${folder.file("usr/share/perl5")}`, folder.file("usr/bin/gearmand")];
  const version = execFileSync("perl", [...program, "--version"], { encoding: "utf8" }).trim();
  return {
    name: `${version} (Perl)`,
    warmUp: 0,
    command: (port) => ["perl", ...program, "-L", "127.0.0.1", "-p", `${port}`],
  };
}
