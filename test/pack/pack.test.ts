import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

const ROOT = new URL("../..", import.meta.url).pathname;
/** Whom the server runs as when the test is root: nobody. */
const NOBODY = 65534;

test("the packed tarball, installed in an empty folder, serves as another user", { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "gearmand-ts-pack-"));
  try {
    execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd: ROOT });
    const [tarball] = readdirSync(folder);
    execFileSync("npm", ["init", "-y"], { cwd: folder });
    execFileSync("npm", ["install", "--silent", "--omit=dev", "--prefer-offline", `./${tarball}`], { cwd: folder });
    execFileSync("chmod", ["-R", "a+rX", folder]);
    expect(readdirSync(join(folder, "node_modules", "gearmand-ts")).sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "bin",
      "dist",
      "docs",
      "package.json",
    ]);
    expect(await serveOnce(folder)).toContain("OK ");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Starts the installed program on a free port, asks for its version through it, and stops it. */
async function serveOnce(folder: string): Promise<string> {
  const program = join(folder, "node_modules", ".bin", "gearmand-ts");
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn(program, ["-p", "0", "-L", "127.0.0.1"], {
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
    ...identity,
  });
  const exited = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? /"port":(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    const version = await ask(Number(port));
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    return version;
  }
  throw new Error("the server ended before it listened");
}

async function ask(port: number): Promise<string> {
  const { connect } = await import("node:net");
  const socket = connect(port, "127.0.0.1");
  socket.end("version\n");
  const [answer] = await once(socket, "data");
  return String(answer);
}
